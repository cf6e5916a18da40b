#pragma once

#include "lintel/http/router.hpp"
#include "order_service.hpp"
#include "order_timelines.hpp"

namespace lintel::main {

/// Orders, their returns and their timelines. `orders` and `timelines` outlive the router.
void add_order_routes(http::Router& routes, OrderService& orders, OrderTimelines& timelines);

}  // namespace lintel::main
