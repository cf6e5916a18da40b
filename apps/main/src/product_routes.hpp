#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/products: what can be sold.
void add_product_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
