#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/deliveries: the way of orders to their customers.
void add_delivery_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
