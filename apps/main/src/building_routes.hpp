#pragma once

#include "building_service.hpp"
#include "lintel/http/router.hpp"

namespace lintel::main {

/// POST, GET, PATCH and DELETE of /v1/buildings. `buildings` outlives the router.
void add_building_routes(http::Router& routes, BuildingService& buildings);

}  // namespace lintel::main
