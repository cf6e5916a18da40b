#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine.hpp"
#include "lintel/contracts/workflows.hpp"
#include "lintel/storage/idempotency.hpp"

namespace lintel::workflows {

/// What a bulk action does to one workflow. Throws Error{invalid} when something is missing.
workflow::Event bulk_event(const contracts::WorkflowBulk& request);

/// A bulk action as it reaches each workflow.
struct BulkStep {
    workflow::Event event;
    /// Only to count.
    bool is_trial = false;
    /// The key under which it reaches a workflow once at most.
    std::function<std::optional<storage::IdempotencyKey>(const core::Id&)> key_for;
};

/// Lets it happen to each of `ids`, many at a time, and counts. `is_replay`: it had happened to all of them.
core::Task<contracts::WorkflowBulkResult> apply_to_all(Engine& engine, telemetry::Context context,
                                                       std::vector<core::Id> ids, BulkStep step);

}  // namespace lintel::workflows
