#pragma once

#include <chrono>
#include <string>

#include "lintel/contracts/schedules.hpp"
#include "lintel/contracts/workflows.hpp"
#include "lintel/core/page_token.hpp"
#include "schedule_repository.hpp"
#include "scheduler.hpp"
#include "workflow_repository.hpp"

namespace lintel::workflows {

/// What callers do with schedules. Errors: `not_found`; `invalid` with every fault; `conflict`;
/// `precondition`; `malformed` for a foreign page token; those of the repository. `key` is the caller's
/// Idempotency-Key, empty when there is none.
class ScheduleService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        core::PageLimits pages{};
    };

    ScheduleService(ScheduleRepository& schedules, WorkflowRepository& workflows, Scheduler& scheduler,
                    Options options);

    core::Task<contracts::ScheduleCreated> create(telemetry::Context context,
                                                  contracts::ScheduleCreate request, std::string key);
    core::Task<contracts::Schedule> get(telemetry::Context context, std::string name);
    core::Task<contracts::SchedulePage> list(telemetry::Context context, contracts::ScheduleList request);
    core::Task<contracts::Schedule> update(telemetry::Context context, contracts::ScheduleUpdate request,
                                           std::string key);
    core::Task<contracts::Schedule> remove(telemetry::Context context, contracts::ScheduleDelete request,
                                           std::string key);
    /// Starts its workflow now, also while it is paused and whatever is under way.
    core::Task<contracts::WorkflowStarted> trigger(telemetry::Context context, std::string name,
                                                   std::string key);

private:
    core::Task<void> start_noted(telemetry::Context context, core::Id run,
                                 std::optional<storage::IdempotencyKey> key);

    ScheduleRepository& schedules_;
    WorkflowRepository& workflows_;
    Scheduler& scheduler_;
    const Options options_;
};

}  // namespace lintel::workflows
