#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "building_repository.hpp"
#include "keys_in_flight.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/core/version.hpp"
#include "workflow_starts.hpp"

namespace lintel::main {

/// What can be done with buildings. Errors: `not_found`, `precondition` for a version that is not the
/// expected one, `invalid`, `conflict`, `malformed` for a foreign page token; those of the repository.
class BuildingService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        core::PageLimits pages{};
    };

    struct Created {
        contracts::BuildingWithWorkflow building;
        /// The key had been used before; nothing was created now.
        bool is_replay = false;
    };

    BuildingService(BuildingRepository& repository, WorkflowStarts& workflows, Options options);

    /// Creates a building and starts its workflow. The building is committed when this returns; its workflow
    /// may still be pending, and then starts later.
    core::Task<Created> create(telemetry::Context context, contracts::BuildingCreate request,
                               std::string key);
    core::Task<contracts::Building> get(telemetry::Context context, core::Id id);
    core::Task<contracts::BuildingPage> list(telemetry::Context context, contracts::BuildingList request);
    /// Applies a merge patch (RFC 7396).
    core::Task<contracts::Building> patch(telemetry::Context context, core::Id id, nlohmann::json patch,
                                          core::ExpectedVersions expected);
    core::Task<void> remove(telemetry::Context context, core::Id id, core::ExpectedVersions expected);

private:
    /// The building that the key was used for. Throws core::Error{invalid} when that was another request.
    core::Task<std::optional<core::Id>> find_key(telemetry::Context context, std::string key,
                                                 core::Id fingerprint);
    core::Task<Created> replay(telemetry::Context context, core::Id id);

    BuildingRepository& repository_;
    WorkflowStarts& workflows_;
    const Options options_;
    KeysInFlight keys_in_flight_;
};

}  // namespace lintel::main
