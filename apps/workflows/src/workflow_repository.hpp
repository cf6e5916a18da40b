#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lintel/contracts/workflows.hpp"
#include "lintel/storage/batch.hpp"

namespace lintel::workflows {

/// A workflow that is to be started, and the request it was asked for with.
struct NewWorkflow {
    contracts::Workflow workflow;
    /// Empty when the caller gave none.
    std::string key;
    /// The same for the same request.
    core::Id fingerprint;
    core::Timestamp key_expires_at;
};

/// What an Idempotency-Key has been used for.
struct KeyedWorkflow {
    core::Id fingerprint;
    /// Nothing once it has been removed.
    std::optional<contracts::Workflow> workflow;
};

/// The tables of this service. Errors as storage::Pool's.
class WorkflowRepository {
public:
    explicit WorkflowRepository(storage::Pool& pool);

    /// False, and nothing is written, when the key is taken.
    core::Task<bool> insert(telemetry::Context context, NewWorkflow workflow);
    core::Task<std::optional<KeyedWorkflow>> find_by_key(telemetry::Context context, std::string key);
    core::Task<std::optional<contracts::Workflow>> get(telemetry::Context context, core::Id id);
    /// At most `limit` workflows older than `before`, the newest first.
    core::Task<std::vector<contracts::WorkflowItem>> list(telemetry::Context context,
                                                          contracts::WorkflowList filter, core::Id before,
                                                          std::int64_t limit);
    /// Removes up to `limit` expired keys; returns how many.
    core::Task<std::size_t> purge_keys(telemetry::Context context, std::size_t limit);

private:
    using Found = std::optional<contracts::Workflow>;

    storage::Pool& pool_;
    storage::Batch<NewWorkflow, bool> inserts_;
    storage::Batch<core::Id, Found> reads_;
};

}  // namespace lintel::workflows
