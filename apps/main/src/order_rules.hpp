#pragma once

#include <optional>

#include "lintel/contracts/orders.hpp"

namespace lintel::main {

/// The state machine of orders: what an order of `status` becomes by a move of its workflow; nothing when
/// that cannot be. Undoing leaves what is cancelled or rejected as it is. A return that came to its end needs
/// to know whether everything is back.
std::optional<contracts::OrderStatus> status_after(contracts::OrderStatus status, contracts::OrderMove move,
                                                   bool was_cancelled, bool is_all_back) noexcept;

/// Until a carrier has the goods.
bool can_be_cancelled(contracts::OrderStatus status) noexcept;

/// Once everything is delivered and paid, and while there is something left to be sent back.
bool can_be_returned(contracts::OrderStatus status) noexcept;

}  // namespace lintel::main
