#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/holds: stock that is kept for orders. They are only looked at; orders make and end them.
void add_hold_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
