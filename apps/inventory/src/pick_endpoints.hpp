#pragma once

#include "lintel/messaging/service.hpp"
#include "pick_service.hpp"

namespace lintel::inventory {

/// What is answered over NATS. `picks` outlives `endpoints`.
void add_pick_endpoints(messaging::Service& endpoints, PickService& picks);

}  // namespace lintel::inventory
