#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/stock: what lies where, and how it came to that.
void add_stock_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
