#pragma once

#include "building_service.hpp"
#include "lintel/http/router.hpp"
#include "lintel/messaging/client.hpp"

namespace lintel::main {

/// GET of /v1/workflows and of a building's workflows, answered by the worker set. `client` and `buildings`
/// outlive the router.
void add_workflow_routes(http::Router& routes, messaging::Client& client, BuildingService& buildings);

}  // namespace lintel::main
