#pragma once

#include "lintel/contracts/workflows.hpp"

namespace lintel::contracts {

/// Whether a workflow has ended, so that nothing but a retry or a rerun changes it any more.
constexpr bool is_final(WorkflowStatus status) noexcept
{
    return status == WorkflowStatus::completed || status == WorkflowStatus::failed ||
           status == WorkflowStatus::cancelled || status == WorkflowStatus::terminated;
}

}  // namespace lintel::contracts
