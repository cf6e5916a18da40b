#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lintel/contracts/orders.hpp"
#include "lintel/storage/outbox.hpp"
#include "lintel/storage/transaction.hpp"

namespace lintel::main {

/// An order as it is stored.
struct StoredOrder {
    contracts::Order order;
    /// The number of its last event.
    std::int64_t events = 0;
};

/// A line of an order's history that is to be written.
struct NewOrderEvent {
    core::Id order;
    std::int64_t number = 0;
    core::Timestamp at{};
    std::string type;
    contracts::OrderStatus status{};
    std::optional<core::Id> workflow;
    /// The request's Idempotency-Key and what is the same for the same request, when it had one.
    std::optional<std::string> key;
    std::optional<core::Id> fingerprint;
    std::string trace_id;
    /// A JSON object.
    std::string data = "{}";
};

/// An order that is to be created, with everything that must be written in the same transaction.
struct NewOrder {
    contracts::Order order;
    std::string trace_id;
    /// Empty when the client gave none.
    std::string key;
    /// The same for the same request.
    core::Id fingerprint;
    core::Timestamp key_expires_at;
    /// The promise to start its workflow.
    storage::NewIntent intent;
};

StoredOrder order_of(const storage::Row& row);
contracts::OrderReturn order_return_of(const storage::Row& row);

/// One statement; for each order whether it was written, which it is not when its key is taken.
std::vector<bool> insert_orders(storage::Transaction& transaction, std::span<const NewOrder> items);
/// Of orders that have changed; `is_rewritten` says which have other lines than before.
void update_orders(storage::Transaction& transaction, std::span<const StoredOrder> orders,
                   const std::vector<bool>& is_rewritten);
void insert_order_events(storage::Transaction& transaction, std::span<const NewOrderEvent> events);
void insert_order_return(storage::Transaction& transaction, const contracts::OrderReturn& order_return);
void update_order_returns(storage::Transaction& transaction,
                          std::span<const contracts::OrderReturn> order_returns);

}  // namespace lintel::main
