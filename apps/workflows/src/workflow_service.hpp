#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "engine.hpp"
#include "lintel/contracts/workflows.hpp"
#include "lintel/core/page_token.hpp"
#include "workflow_repository.hpp"

namespace lintel::workflows {

/// Starts workflows and shows them. Errors: `not_found`; `invalid` for a key that was used with another
/// request and for an input that the definition refuses; `conflict`; `malformed` for a foreign page token;
/// those of the repository.
class WorkflowService {
public:
    struct Options {
        /// How long a repeated request is recognised. Longer than anybody may still repeat one: callers that
        /// promise a workflow keep asking until they are answered.
        std::chrono::milliseconds key_ttl = std::chrono::hours(30 * 24);
        core::PageLimits pages{};
        /// The longest that a caller may wait for a result, and how often it is looked for meanwhile.
        std::chrono::milliseconds longest_wait{30000};
        std::chrono::milliseconds wait_poll{100};
    };

    WorkflowService(WorkflowRepository& repository, Engine& engine, core::Executor& executor,
                    Options options);

    /// Starts a workflow about a building: of the definition of that name, or of building-onboarding when
    /// there is none. With a key that was used before, returns what that had started.
    core::Task<contracts::Workflow> create(telemetry::Context context, contracts::WorkflowCreate request,
                                           std::string key);
    core::Task<contracts::WorkflowStarted> start(telemetry::Context context, contracts::WorkflowStart request,
                                                 std::string key);
    core::Task<contracts::Workflow> get(telemetry::Context context, core::Id id);
    core::Task<contracts::WorkflowPage> list(telemetry::Context context, contracts::WorkflowList request);
    core::Task<contracts::WorkflowHistory> history(telemetry::Context context,
                                                   contracts::WorkflowPart request);
    core::Task<contracts::WorkflowStepPage> steps(telemetry::Context context,
                                                  contracts::WorkflowPart request);
    /// Waits for the end as long as asked, at most until shortly before the deadline or until end_waits().
    core::Task<contracts::WorkflowResult> result(telemetry::Context context,
                                                 contracts::WorkflowResultGet request);
    /// The process stops: who waits for a result gets what is known.
    void end_waits() noexcept { waits_ended_ = true; }

private:
    core::Task<std::shared_ptr<const workflow::Definition>> definition_of(telemetry::Context context,
                                                                          std::string name);
    core::Task<contracts::WorkflowStarted> start_run(telemetry::Context context, NewRun run,
                                                     contracts::ConflictPolicy conflict);
    core::Task<contracts::WorkflowStarted> replay(telemetry::Context context, NewRun run,
                                                  contracts::ConflictPolicy conflict);
    core::Task<contracts::WorkflowStarted> existing(telemetry::Context context, NewRun run,
                                                    contracts::ConflictPolicy conflict);

    WorkflowRepository& repository_;
    Engine& engine_;
    core::Executor& executor_;
    const Options options_;
    std::atomic<bool> waits_ended_ = false;
};

}  // namespace lintel::workflows
