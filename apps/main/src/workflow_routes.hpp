#pragma once

#include "building_service.hpp"
#include "lintel/http/router.hpp"
#include "lintel/messaging/client.hpp"

namespace lintel::main {

/// How the worker set is asked. Reads may be asked again: another worker answers for one that hangs.
struct WorkflowReads {
    /// Without an answer after so long the workers are asked once more, `hedges` times at most; zero for
    /// never.
    std::chrono::milliseconds hedge_after{300};
    int hedges = 8;
    core::PageLimits pages{};
};

/// GET of /v1/workflows and of a building's workflows, answered by the worker set. `client` and `buildings`
/// outlive the router.
void add_workflow_routes(http::Router& routes, messaging::Client& client, BuildingService& buildings,
                         WorkflowReads reads);

}  // namespace lintel::main
