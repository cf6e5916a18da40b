#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lintel/storage/point_reads.hpp"
#include "order_rows.hpp"

namespace lintel::main {

/// What happened to an order.
struct OrderEvent {
    std::int64_t number = 0;
    core::Timestamp at{};
    std::string type;
    contracts::OrderStatus status{};
    std::optional<core::Id> workflow;
    std::optional<std::string> key;
    std::string trace_id;
    /// A JSON object.
    std::string data;
};

/// What the Idempotency-Key of a request about orders has been used for.
struct UsedOrderKey {
    core::Id fingerprint;
    core::Id order_id;
};

/// The tables of orders, for creating and reading; OrderChanges changes them. Errors as storage::Pool's.
class OrderRepository {
public:
    explicit OrderRepository(storage::Pool& pool);

    /// False when the key is taken.
    core::Task<bool> insert(telemetry::Context context, NewOrder order);
    /// `scope`: the route that the key was sent to.
    core::Task<std::optional<UsedOrderKey>> find_key(telemetry::Context context, std::string scope,
                                                     std::string key);
    /// Whether the promise of its workflow has not been answered yet.
    core::Task<bool> is_start_promised(telemetry::Context context, core::Id order);
    core::Task<std::optional<contracts::Order>> get(telemetry::Context context, core::Id id);
    /// At most `limit` orders older than `before`, the newest first.
    core::Task<std::vector<contracts::Order>> list(telemetry::Context context, contracts::OrderList filter,
                                                   core::Id before, std::int64_t limit);
    core::Task<std::vector<contracts::OrderReturn>> list_returns(telemetry::Context context, core::Id order,
                                                                 core::Id before, std::int64_t limit);
    /// From the beginning.
    core::Task<std::vector<OrderEvent>> list_events(telemetry::Context context, core::Id order,
                                                    std::int64_t limit);
    /// Those of the orders that are no longer only placed.
    core::Task<std::vector<core::Id>> list_decided(telemetry::Context context, std::vector<core::Id> orders);

private:
    core::Task<storage::Rows> page(telemetry::Context context, const contracts::OrderList& filter,
                                   core::Id before, std::int64_t limit);

    storage::Pool& pool_;
    storage::Batch<NewOrder, bool> inserts_;
    storage::PointReads<contracts::Order> reads_;
};

}  // namespace lintel::main
