#pragma once

#include "lintel/messaging/service.hpp"
#include "product_service.hpp"

namespace lintel::inventory {

/// What is answered over NATS. `products` outlives `endpoints`.
void add_product_endpoints(messaging::Service& endpoints, ProductService& products);

}  // namespace lintel::inventory
