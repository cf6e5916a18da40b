#pragma once

#include "hold_service.hpp"
#include "lintel/messaging/service.hpp"

namespace lintel::inventory {

/// What is answered over NATS. `holds` outlives `endpoints`.
void add_hold_endpoints(messaging::Service& endpoints, HoldService& holds);

}  // namespace lintel::inventory
