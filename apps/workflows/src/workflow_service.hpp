#pragma once

#include <chrono>
#include <string>

#include "lintel/contracts/workflows.hpp"
#include "lintel/core/page_token.hpp"
#include "workflow_repository.hpp"

namespace lintel::workflows {

/// What can be done with workflows. Errors: `not_found`; `invalid` for a key that was used with another
/// request; `malformed` for a foreign page token; those of the repository.
class WorkflowService {
public:
    struct Options {
        /// How long a repeated request is recognised. Longer than anybody may still repeat one: callers that
        /// promise a workflow keep asking until they are answered.
        std::chrono::milliseconds key_ttl = std::chrono::hours(30 * 24);
        core::PageLimits pages{};
    };

    WorkflowService(WorkflowRepository& repository, Options options);

    /// Starts a workflow; with a key that was used before, returns what that had started.
    core::Task<contracts::Workflow> create(telemetry::Context context, contracts::WorkflowCreate request,
                                           std::string key);
    core::Task<contracts::Workflow> get(telemetry::Context context, core::Id id);
    core::Task<contracts::WorkflowPage> list(telemetry::Context context, contracts::WorkflowList request);
    /// Forgets keys whose time is over.
    core::Task<void> purge_keys(telemetry::Context context);

private:
    core::Task<contracts::Workflow> replay(telemetry::Context context, std::string key, core::Id fingerprint);

    WorkflowRepository& repository_;
    const Options options_;
};

}  // namespace lintel::workflows
