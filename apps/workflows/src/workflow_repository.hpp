#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lintel/contracts/workflows.hpp"
#include "lintel/storage/idempotency.hpp"
#include "lintel/storage/point_reads.hpp"

namespace lintel::workflows {

/// What an Idempotency-Key has been used for.
struct KeyedWorkflow {
    core::Id fingerprint;
    /// Nothing once it has been removed.
    std::optional<contracts::Workflow> workflow;
};

/// The step that a dead letter is.
struct DeadStep {
    core::Id run;
    std::string path;
};

/// Reads workflows and what belongs to them; engine.hpp has what changes them. Errors as storage::Pool's.
class WorkflowRepository {
public:
    explicit WorkflowRepository(storage::Pool& pool);

    core::Task<std::optional<KeyedWorkflow>> find_by_request_key(telemetry::Context context, std::string key);
    /// The run that has this key, if one was started.
    core::Task<std::optional<core::Id>> find_by_key(telemetry::Context context, std::string definition,
                                                    std::string key);
    core::Task<std::optional<contracts::Workflow>> get(telemetry::Context context, core::Id id);
    /// At most `limit` workflows older than `before`, the newest first.
    core::Task<std::vector<contracts::WorkflowItem>> list(telemetry::Context context,
                                                          contracts::WorkflowList filter, core::Id before,
                                                          std::int64_t limit);
    core::Task<std::vector<core::Id>> list_bulk(telemetry::Context context, contracts::BulkFilter filter,
                                                core::Id before, std::int64_t limit);
    core::Task<std::vector<contracts::WorkflowEvent>> history(telemetry::Context context, core::Id id,
                                                              std::int64_t after, std::int64_t limit);
    /// With the number by which pages go on.
    core::Task<std::vector<std::pair<std::int64_t, contracts::WorkflowStep>>> steps(
        telemetry::Context context, core::Id id, std::int64_t after, std::int64_t limit);
    core::Task<std::vector<contracts::DeadLetter>> dead_letters(telemetry::Context context,
                                                                std::optional<std::string> definition,
                                                                core::Id after, std::int64_t limit);
    core::Task<std::optional<DeadStep>> find_dead_letter(telemetry::Context context, core::Id id);
    /// The workflow that a request with this key was about. Throws storage::key_of_another_request().
    core::Task<std::optional<core::Id>> find_used_key(telemetry::Context context,
                                                      std::optional<storage::IdempotencyKey> key);
    /// Steps with at least `failures` failed attempts that are tried again, with the number by which pages go
    /// on.
    core::Task<std::vector<std::pair<std::int64_t, contracts::RetryingStep>>> retrying(
        telemetry::Context context, std::int64_t failures, std::optional<std::string> definition,
        std::int64_t after, std::int64_t limit);
    core::Task<std::vector<contracts::WorkflowFinding>> find_stuck(telemetry::Context context,
                                                                   std::int64_t limit);
    core::Task<bool> has_signal(telemetry::Context context, core::Id run, std::string id);
    /// False when it had come before.
    core::Task<bool> save_early_signal(telemetry::Context context, std::string definition, std::string key,
                                       std::string id, std::string name, std::string payload);

private:
    storage::Pool& pool_;
    storage::PointReads<contracts::Workflow> reads_;
};

}  // namespace lintel::workflows
