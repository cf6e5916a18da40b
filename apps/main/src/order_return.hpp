#pragma once

#include <string>

#include "order_moves.hpp"

namespace lintel::main {

/// Takes goods of an order back: a return that is requested, with what it comes to at the prices of the
/// order, whose lines know of it from now on. Throws core::Error{conflict} for an order that is not completed
/// and for more than can come back, {invalid} for what was not ordered; with every line at fault.
contracts::OrderReturn request_return(contracts::Order& order, contracts::OrderReturnCreate request,
                                      core::Timestamp now);

/// The draft's return comes to nothing; its goods may be sent back once more.
void refuse_return(OrderDraft& draft, std::vector<contracts::OrderReason> reasons);

/// A return has been paid back and is in stock, or was undone; as move_order(). One that was undone counts as
/// if it had not been requested.
std::string settle_return(OrderDraft& draft, const contracts::OrderTransition& wish);

}  // namespace lintel::main
