#pragma once

#include "lintel/messaging/service.hpp"
#include "transfer_service.hpp"

namespace lintel::accounts {

/// What is answered over NATS. `transfers` outlives `endpoints`.
void add_transfer_endpoints(messaging::Service& endpoints, TransferService& transfers);

}  // namespace lintel::accounts
