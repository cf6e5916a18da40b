#include "order_rows.hpp"

#include <unordered_set>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/main/sql/queries.hpp"

namespace lintel::main {
namespace {

using contracts::Order;
using contracts::OrderReturn;
using storage::Row;

template <typename Value>
Value known(const std::optional<Value>& value)
{
    if (!value) throw core::Error(core::ErrorCode::internal, "a stored order has a status that is unknown");
    return *value;
}

/// What was written here may have more in it than this release knows.
template <typename Element>
std::vector<Element> list_of(const Row& row, std::string_view column,
                             Element (*parse)(const nlohmann::json&, contracts::UnknownFields))
{
    std::vector<Element> list;
    for (const auto& element : nlohmann::json::parse(row.get<std::string_view>(column)))
        list.push_back(parse(element, contracts::UnknownFields::ignore));
    return list;
}

template <typename Element>
std::string text_of(const std::vector<Element>& list)
{
    std::string text = "[";
    for (const auto& element : list) {
        if (text.size() > 1) text += ',';
        contracts::append_json(text, element);
    }
    return text + "]";
}

template <typename Entity>
void read_entity(const Row& row, Entity& entity)
{
    entity.id = row.get<core::Id>("id");
    entity.version = row.get<std::int64_t>("version");
    entity.owner.user_id = row.get<std::optional<std::string>>("owner_user_id");
    entity.owner.org_id = row.get<std::optional<std::string>>("owner_org_id");
    entity.attributes = row.get<std::string>("attributes");
    entity.metadata = row.get<std::string>("metadata");
    entity.created_at = row.get<core::Timestamp>("created_at");
    entity.updated_at = row.get<core::Timestamp>("updated_at");
    entity.deleted_at = row.get<std::optional<core::Timestamp>>("deleted_at");
}

std::optional<contracts::Address> address_of(const Row& row)
{
    const auto text = row.get<std::optional<std::string_view>>("delivery_address");
    if (!text) return std::nullopt;
    return contracts::parse_address(nlohmann::json::parse(*text), contracts::UnknownFields::ignore);
}

std::optional<std::string> address_text(const Order& order)
{
    return order.delivery_address ? std::optional(contracts::to_json(*order.delivery_address)) : std::nullopt;
}

/// An array of one field of each order.
template <typename Items, typename Field>
storage::Parameter column(const Items& items, Field field)
{
    return storage::array_of(items, [&](const auto& item) { return std::invoke(field, item.order); });
}

template <typename Field>
storage::Parameter intent_column(std::span<const NewOrder> items, Field field)
{
    return storage::array_of(items, [&](const NewOrder& item) { return std::invoke(field, item.intent); });
}

}  // namespace

StoredOrder order_of(const Row& row)
{
    using OptionalId = std::optional<core::Id>;
    StoredOrder stored;
    auto& order = stored.order;
    read_entity(row, order);
    order.status = known(contracts::order_status_from_string(row.get<std::string_view>("status")));
    order.customer_id = row.get<core::Id>("customer_id");
    order.building_id = row.get<core::Id>("building_id");
    order.currency = row.get<std::string>("currency");
    order.lines = list_of(row, "lines", contracts::parse_order_line);
    order.reasons = list_of(row, "reasons", contracts::parse_order_reason);
    order.delivery_address = address_of(row);
    order.total = row.get<std::optional<std::int64_t>>("total");
    order.charged = row.get<std::optional<std::int64_t>>("charged");
    order.refunded = row.get<std::int64_t>("refunded");
    order.workflow_id = row.get<OptionalId>("workflow_id");
    order.hold_id = row.get<OptionalId>("hold_id");
    order.transfer_id = row.get<OptionalId>("transfer_id");
    order.pick_id = row.get<OptionalId>("pick_id");
    order.delivery_id = row.get<OptionalId>("delivery_id");
    stored.events = row.get<std::int64_t>("events");
    return stored;
}

OrderReturn order_return_of(const Row& row)
{
    OrderReturn made;
    read_entity(row, made);
    made.order_id = row.get<core::Id>("order_id");
    made.status = known(contracts::order_return_status_from_string(row.get<std::string_view>("status")));
    made.lines = list_of(row, "lines", contracts::parse_order_return_line);
    made.amount = row.get<std::int64_t>("amount");
    made.currency = row.get<std::string>("currency");
    made.reason = row.get<std::optional<std::string>>("reason");
    made.reasons = list_of(row, "reasons", contracts::parse_order_reason);
    made.transfer_id = row.get<std::optional<core::Id>>("transfer_id");
    return made;
}

std::vector<bool> insert_orders(storage::Transaction& transaction, std::span<const NewOrder> items)
{
    const auto key_of = [](const NewOrder& item) {
        return item.key.empty() ? std::nullopt : std::optional<std::string_view>(item.key);
    };
    const auto left_out = transaction.exec(
        sql::insert_orders, column(items, &Order::id), column(items, &Order::customer_id),
        column(items, &Order::building_id), column(items, &Order::currency),
        column(items, [](const Order& order) { return text_of(order.lines); }), column(items, address_text),
        column(items, [](const Order& order) { return order.owner.user_id; }),
        column(items, [](const Order& order) { return order.owner.org_id; }),
        column(items, &Order::attributes), column(items, &Order::metadata), column(items, &Order::created_at),
        storage::array_of(items, &NewOrder::trace_id), storage::array_of(items, key_of),
        storage::array_of(items, &NewOrder::fingerprint), storage::array_of(items, &NewOrder::key_expires_at),
        intent_column(items, &storage::NewIntent::id), intent_column(items, &storage::NewIntent::subject),
        intent_column(items, &storage::NewIntent::payload),
        intent_column(items, &storage::NewIntent::idempotency_key),
        intent_column(items, &storage::NewIntent::due_at));
    std::unordered_set<core::Id> taken;
    for (const auto row : left_out)
        taken.insert(row.get<core::Id>("id"));
    std::vector<bool> is_inserted;
    for (const auto& item : items)
        is_inserted.push_back(!taken.contains(item.order.id));
    return is_inserted;
}

void update_orders(storage::Transaction& transaction, std::span<const StoredOrder> orders,
                   const std::vector<bool>& is_rewritten)
{
    if (orders.empty()) return;
    storage::ArrayLiteral lines;
    for (std::size_t at = 0; at < orders.size(); ++at)
        lines.add(is_rewritten[at] ? std::optional(text_of(orders[at].order.lines)) : std::nullopt);
    transaction.exec(sql::update_orders, column(orders, &Order::id), column(orders, &Order::version),
                     column(orders, [](const Order& order) { return contracts::to_string(order.status); }),
                     std::move(lines).take(),
                     column(orders, [](const Order& order) { return text_of(order.reasons); }),
                     column(orders, &Order::total), column(orders, &Order::charged),
                     column(orders, &Order::refunded), column(orders, &Order::workflow_id),
                     column(orders, &Order::hold_id), column(orders, &Order::transfer_id),
                     column(orders, &Order::pick_id), column(orders, &Order::delivery_id),
                     storage::array_of(orders, &StoredOrder::events), column(orders, &Order::updated_at));
}

void insert_order_events(storage::Transaction& transaction, std::span<const NewOrderEvent> events)
{
    if (events.empty()) return;
    const auto of = [&](auto field) { return storage::array_of(events, field); };
    transaction.exec(sql::insert_order_events, of(&NewOrderEvent::order), of(&NewOrderEvent::number),
                     of(&NewOrderEvent::at), of(&NewOrderEvent::type),
                     of([](const NewOrderEvent& event) { return contracts::to_string(event.status); }),
                     of(&NewOrderEvent::workflow), of(&NewOrderEvent::key), of(&NewOrderEvent::fingerprint),
                     of(&NewOrderEvent::trace_id), of(&NewOrderEvent::data));
}

void insert_order_return(storage::Transaction& transaction, const OrderReturn& made)
{
    transaction.exec(sql::insert_order_return, made.id, made.order_id, text_of(made.lines), made.amount,
                     made.currency, made.reason, made.owner.user_id, made.owner.org_id, made.attributes,
                     made.metadata, made.created_at);
}

void update_order_returns(storage::Transaction& transaction, std::span<const OrderReturn> order_returns)
{
    if (order_returns.empty()) return;
    const auto of = [&](auto field) { return storage::array_of(order_returns, field); };
    transaction.exec(sql::update_order_returns, of(&OrderReturn::id), of(&OrderReturn::version),
                     of([](const OrderReturn& made) { return contracts::to_string(made.status); }),
                     of([](const OrderReturn& made) { return text_of(made.reasons); }),
                     of(&OrderReturn::transfer_id), of(&OrderReturn::updated_at));
}

}  // namespace lintel::main
