#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/customers: who orders.
void add_customer_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
