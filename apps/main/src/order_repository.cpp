#include "order_repository.hpp"

#include "lintel/contracts/texts.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/failpoint.hpp"
#include "lintel/main/sql/queries.hpp"

namespace lintel::main {
namespace {

using contracts::Order;

/// Requests with one key go one after the other; all others are independent.
core::Id batch_key(const NewOrder& item)
{
    return item.key.empty() ? item.order.id : core::Id::derive(core::Id(), item.key);
}

std::vector<Order> orders_of(const storage::Rows& rows)
{
    std::vector<Order> orders;
    for (const auto row : rows)
        orders.push_back(order_of(row).order);
    return orders;
}

storage::BatchOptions insert_options()
{
    storage::BatchOptions options;
    options.name = "insert_orders";
    options.mode = storage::Mode::single_statement;
    return options;
}

OrderEvent event_of(const storage::Row& row)
{
    OrderEvent event;
    event.number = row.get<std::int64_t>("number");
    event.at = row.get<core::Timestamp>("at");
    event.type = row.get<std::string>("type");
    const auto status = contracts::order_status_from_string(row.get<std::string_view>("status"));
    if (!status)
        throw core::Error(core::ErrorCode::internal, "a stored order event has a status that is unknown");
    event.status = *status;
    event.workflow = row.get<std::optional<core::Id>>("workflow_id");
    event.key = row.get<std::optional<std::string>>("idempotency_key");
    event.trace_id = row.get<std::string>("trace_id");
    event.data = row.get<std::string>("data");
    return event;
}

}  // namespace

OrderRepository::OrderRepository(storage::Pool& pool)
    : pool_(pool),
      inserts_(pool, insert_options(), batch_key, insert_orders),
      reads_(pool, sql::get_orders, orders_of)
{
}

core::Task<bool> OrderRepository::insert(telemetry::Context context, NewOrder order)
{
    core::failpoint("main.before_commit");
    return inserts_.submit(std::move(context), std::move(order));
}

core::Task<std::optional<UsedOrderKey>> OrderRepository::find_key(telemetry::Context context,
                                                                  std::string scope, std::string key)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_idempotency_key, scope, key);
    if (rows.empty()) co_return std::nullopt;
    co_return UsedOrderKey{rows[0].get<core::Id>("fingerprint"), rows[0].get<core::Id>("resource_id")};
}

core::Task<std::optional<Order>> OrderRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.get(std::move(context), id);
}

core::Task<bool> OrderRepository::is_start_promised(telemetry::Context context, core::Id order)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_start_of_order, order);
    co_return rows.one().get<bool>("is_promised");
}

core::Task<std::vector<Order>> OrderRepository::list(telemetry::Context context, contracts::OrderList filter,
                                                     core::Id before, std::int64_t limit)
{
    co_return orders_of(co_await page(std::move(context), filter, before, limit));
}

/// By the query that reads no more than what is asked for.
core::Task<storage::Rows> OrderRepository::page(telemetry::Context context,
                                                const contracts::OrderList& filter, core::Id before,
                                                std::int64_t limit)
{
    const auto statuses = contracts::texts_of(filter.status);
    if (filter.customer_id && filter.building_id)
        return pool_.query(std::move(context), sql::list_orders_by_customer_and_building, before, limit,
                           storage::array_of(statuses), *filter.customer_id, *filter.building_id);
    if (filter.customer_id)
        return pool_.query(std::move(context), sql::list_orders_by_customer, before, limit,
                           storage::array_of(statuses), *filter.customer_id);
    if (filter.building_id)
        return pool_.query(std::move(context), sql::list_orders_by_building, before, limit,
                           storage::array_of(statuses), *filter.building_id);
    if (filter.status)
        return pool_.query(std::move(context), sql::list_orders_by_status, before, limit, statuses.front());
    return pool_.query(std::move(context), sql::list_orders, before, limit);
}

core::Task<std::vector<contracts::OrderReturn>> OrderRepository::list_returns(telemetry::Context context,
                                                                              core::Id order, core::Id before,
                                                                              std::int64_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), sql::list_order_returns, order, before, limit);
    std::vector<contracts::OrderReturn> order_returns;
    for (const auto row : rows)
        order_returns.push_back(order_return_of(row));
    co_return order_returns;
}

core::Task<std::vector<OrderEvent>> OrderRepository::list_events(telemetry::Context context, core::Id order,
                                                                 std::int64_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), sql::list_order_events, order, limit);
    std::vector<OrderEvent> events;
    for (const auto row : rows)
        events.push_back(event_of(row));
    co_return events;
}

core::Task<std::vector<core::Id>> OrderRepository::list_decided(telemetry::Context context,
                                                                std::vector<core::Id> orders)
{
    const auto rows =
        co_await pool_.query(std::move(context), sql::list_decided_orders, storage::array_of(orders));
    std::vector<core::Id> decided;
    for (const auto row : rows)
        decided.push_back(row.get<core::Id>("id"));
    co_return decided;
}

}  // namespace lintel::main
