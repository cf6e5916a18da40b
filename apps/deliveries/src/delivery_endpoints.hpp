#pragma once

#include "delivery_service.hpp"
#include "lintel/messaging/service.hpp"

namespace lintel::deliveries {

/// What is answered over NATS. `deliveries` outlives `endpoints`.
void add_delivery_endpoints(messaging::Service& endpoints, DeliveryService& deliveries);

}  // namespace lintel::deliveries
