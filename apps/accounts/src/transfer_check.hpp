#pragma once

#include "lintel/contracts/accounts.hpp"

namespace lintel::accounts {

/// Throws Error{invalid} with every fault of a request that its schema cannot tell: each side is named in one
/// way, and only what is pending expires.
void check_transfers(const contracts::TransferCreate& request);

}  // namespace lintel::accounts
