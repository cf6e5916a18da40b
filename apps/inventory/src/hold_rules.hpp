#pragma once

#include <chrono>
#include <map>
#include <string>

#include "lintel/core/error.hpp"
#include "stock_book.hpp"

namespace lintel::inventory {

/// What becomes of holds and their stock, in memory. Whoever calls has locked both. What is refused changes
/// nothing: it throws core::Error before anything has moved.

/// A product as a hold takes it.
struct Offer {
    std::string name;
    std::int64_t price = 0;
    std::string currency;
};
using Offers = std::map<std::string, Offer, std::less<>>;

/// A hold that asks for this. Error{invalid} with the lines whose product there is not, or in another
/// currency; Error{conflict} with the lines for which there is not enough.
contracts::Hold reserve(const contracts::HoldReserve& request, core::Id id, core::Timestamp expires_at,
                        const Offers& offers, StockBook& book, core::Timestamp now);

/// Takes what is held from the stock; from what is there, when the hold has expired. As it is when it is
/// confirmed. Error{conflict} when it was released, or has expired and there is not enough.
void confirm(contracts::Hold& hold, StockBook& book, core::Timestamp now);

/// Gives back what is held, or what was taken, less what was short or came back. As it is when it has ended.
void release(contracts::Hold& hold, const std::optional<std::string>& reason, StockBook& book,
             core::Timestamp now);

/// Gives back what was held too long.
void expire(contracts::Hold& hold, StockBook& book, core::Timestamp now);

/// Puts on the shelf what came back from the customer. Error{invalid} for another order or what is not in the
/// hold; Error{conflict} for a hold that is not confirmed and for more than can come back.
void restock(contracts::Hold& hold, const contracts::HoldRestock& request, StockBook& book,
             core::Timestamp now);

/// So many of a confirmed hold's lines were not on the shelf: given back, and taken off the stock again.
void take_short(contracts::Hold& hold, const std::map<std::int64_t, std::int64_t>& quantity_of_line,
                core::Id pick, StockBook& book, core::Timestamp now);

/// Where the stock of a hold lies.
std::set<StockPlace> places_of(const contracts::Hold& hold);

/// Error{conflict} that says what state the hold is in.
core::Error hold_is(const contracts::Hold& hold, const std::string& what);

}  // namespace lintel::inventory
