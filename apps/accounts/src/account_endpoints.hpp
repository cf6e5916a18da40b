#pragma once

#include "account_service.hpp"
#include "lintel/messaging/service.hpp"

namespace lintel::accounts {

/// What is answered over NATS. `accounts` outlives `endpoints`.
void add_account_endpoints(messaging::Service& endpoints, AccountService& accounts);

}  // namespace lintel::accounts
