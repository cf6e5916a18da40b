#pragma once

#include "lintel/messaging/service.hpp"
#include "stock_service.hpp"

namespace lintel::inventory {

/// What is answered over NATS. `stock` outlives `endpoints`.
void add_stock_endpoints(messaging::Service& endpoints, StockService& stock);

}  // namespace lintel::inventory
