#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "engine.hpp"
#include "lintel/contracts/workflows.hpp"
#include "lintel/core/page_token.hpp"
#include "workflow_repository.hpp"

namespace lintel::workflows {

/// What operators and peers do with workflows that are there. Errors: `not_found`; `conflict` when the
/// workflow's status does not allow it; `invalid` for a key that was used with another request; those of the
/// repository.
class WorkflowActions {
public:
    struct Options {
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        core::PageLimits pages{};
        /// As Engine::Options::retrying_after.
        std::int64_t retrying_after = 10;
    };
    /// The request's endpoint, its fingerprint and the caller's Idempotency-Key (empty: none).
    struct Asked {
        std::string scope;
        std::string key;
        std::string request;
    };

    WorkflowActions(WorkflowRepository& repository, Engine& engine, Options options);

    /// Lets `event` happen to the workflow and shows what has become of it.
    core::Task<contracts::WorkflowChanged> act(telemetry::Context context, core::Id id, workflow::Event event,
                                               Asked asked);
    /// The same for a workflow that may be named by definition and key: `event` cancels or terminates it.
    core::Task<contracts::WorkflowChanged> stop(telemetry::Context context, contracts::WorkflowStop request,
                                                workflow::Event event, Asked asked);
    core::Task<contracts::SignalReceipt> signal(telemetry::Context context,
                                                contracts::WorkflowSignal request);
    /// Under one Idempotency-Key it reaches each workflow once at most, however often it is asked for.
    core::Task<contracts::WorkflowBulkResult> bulk(telemetry::Context context,
                                                   contracts::WorkflowBulk request, Asked asked);
    core::Task<contracts::WorkflowChanged> replay(telemetry::Context context,
                                                  contracts::DeadLetterReplay request, Asked asked);
    core::Task<contracts::DeadLetterPage> dead_letters(telemetry::Context context,
                                                       contracts::DeadLetterList request);
    /// Steps that fail again and again.
    core::Task<contracts::RetryingStepPage> retrying(telemetry::Context context,
                                                     contracts::RetryingStepList request);
    core::Task<contracts::WorkflowFindings> doctor(telemetry::Context context,
                                                   contracts::WorkflowDoctor request);

private:
    /// What a request with this key has been answered before.
    core::Task<std::optional<contracts::WorkflowChanged>> find_replayed(telemetry::Context context,
                                                                        Asked asked);
    core::Task<contracts::SignalReceipt> signal_run(telemetry::Context context, core::Id id,
                                                    contracts::WorkflowSignal request);

    WorkflowRepository& repository_;
    Engine& engine_;
    const Options options_;
};

}  // namespace lintel::workflows
