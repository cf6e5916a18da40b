#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/picks: the lists by which people fetch what was ordered.
void add_pick_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
