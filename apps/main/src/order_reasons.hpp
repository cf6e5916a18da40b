#pragma once

#include <string_view>
#include <vector>

#include "lintel/contracts/orders.hpp"

namespace lintel::main {

/// Why an order was not carried out, or a return not taken, in the terms of a customer: made of what the
/// workflow knows as `/failure` (the JSON text of a WorkflowFailure). Throws core::Error{invalid} for what is
/// none.
std::vector<contracts::OrderReason> reasons_of(std::string_view failure);

/// Whether somebody wanted the workflow to end.
bool is_cancellation(std::string_view failure);

}  // namespace lintel::main
