#pragma once

#include <vector>

#include "engine.hpp"
#include "lintel/contracts/workflows.hpp"

namespace lintel::workflows {

/// What a bulk action does to one workflow. Throws Error{invalid} when something is missing.
workflow::Event bulk_event(const contracts::WorkflowBulk& request);

/// Lets `event` happen to each of `ids`, many at a time, and counts.
core::Task<contracts::WorkflowBulkResult> apply_to_all(Engine& engine, telemetry::Context context,
                                                       std::vector<core::Id> ids, workflow::Event event);

}  // namespace lintel::workflows
