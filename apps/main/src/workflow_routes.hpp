#pragma once

#include "building_service.hpp"
#include "lintel/http/router.hpp"
#include "result_waits.hpp"
#include "workers.hpp"

namespace lintel::main {

/// Starting workflows, finding them and looking at them, and those of a building. `buildings` and `results`
/// outlive the router.
void add_workflow_routes(http::Router& routes, Workers workers, BuildingService& buildings,
                         ResultWaits& results);

}  // namespace lintel::main
