#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/schedules: what starts workflows at times.
void add_schedule_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
