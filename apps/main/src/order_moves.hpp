#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lintel/contracts/orders.hpp"

namespace lintel::main {

/// What is known of an order while it changes, under its lock.
struct OrderDraft {
    contracts::Order order;
    /// The return that the change is about: one that is there, or a new one.
    std::optional<contracts::OrderReturn> order_return;
};

/// Moves an order on as its workflow asks, alone or together with one of its returns; returns what is to be
/// remembered of it, a JSON object, or nothing when nothing has changed. Pure: the result depends on nothing
/// but its arguments. Throws core::Error{conflict} when the order's status does not allow it (or what came of
/// a step does not: nothing was picked, it was not delivered), and {invalid} when something is missing. The
/// draft may be half changed then.
std::string move_order(OrderDraft& draft, const contracts::OrderTransition& wish);

/// From here on there is, or will be, a parcel of it.
bool is_packed(const contracts::Order& order);

/// What is to be delivered of an order that was picked.
std::vector<contracts::QuantityOfSku> parcel_of(const contracts::Order& order);

}  // namespace lintel::main
