#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lintel/storage/batch.hpp"
#include "lintel/storage/idempotency.hpp"
#include "order_moves.hpp"
#include "order_rows.hpp"

namespace lintel::main {

/// What has been decided about an order.
struct OrderDecision {
    /// The type of the event it becomes; empty when nothing is to change.
    std::string event;
    /// A JSON object.
    std::string data = "{}";
    /// The draft's return is a new one.
    bool is_new_return = false;
    std::vector<storage::NewIntent> intents;
};

/// Something that is to happen to an order, alone among all who want something of it.
struct OrderChange {
    core::Id order;
    /// The return that it is about; also of one that it makes.
    std::optional<core::Id> order_return;
    /// Kept with the event, for as long as the order is there: of a workflow's request.
    std::string event_key;
    core::Id fingerprint;
    /// Kept for a time: of a client's request.
    std::optional<storage::IdempotencyKey> request_key;
    std::optional<core::Id> workflow;
    std::string trace_id;
    /// Decides under the order's lock, on a database thread, perhaps more than once. What it throws refuses
    /// this change alone.
    std::function<OrderDecision(OrderDraft&, core::Timestamp now)> decide;
};

/// What came of it.
struct OrderChanged {
    enum class Kind { changed, unchanged, replayed, missing, refused };
    Kind kind = Kind::missing;
    /// The order as it is now, and what the change was, or had been, about.
    OrderDraft draft;
    /// Why it was refused.
    std::exception_ptr error;
};

/// Changes of orders, with their events, returns, keys and intents: all that come at the same time share a
/// transaction, which locks their orders in the order of their ids. Thread-safe; `pool` outlives it.
class OrderChanges {
public:
    explicit OrderChanges(storage::Pool& pool);

    /// Returns after the commit. Errors as storage::Pool's; whatever refused the change is thrown.
    core::Task<OrderChanged> submit(telemetry::Context context, OrderChange change);

private:
    storage::Batch<OrderChange, OrderChanged> batch_;
};

}  // namespace lintel::main
