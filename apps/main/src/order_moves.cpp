#include "order_moves.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "facts.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "order_reasons.hpp"
#include "order_return.hpp"
#include "order_rules.hpp"

namespace lintel::main {
namespace {

using contracts::Order;
using contracts::OrderMove;
using contracts::OrderStatus;
using contracts::OrderTransition;
using core::Error;
using core::ErrorCode;
using nlohmann::json;

Error missing(const std::string& field)
{
    return Error(ErrorCode::invalid, field + " is missing", {{"/" + field, "is a must for this move"}});
}

/// What others say of the lines of an order they say line by line.
template <typename Line>
void expect_lines_of(const Order& order, const std::vector<Line>& lines, const char* place)
{
    const auto is_same = [](const Line& said, const contracts::OrderLine& line) {
        return said.sku == line.sku;
    };
    if (std::ranges::equal(lines, order.lines, is_same)) return;
    throw Error(ErrorCode::invalid, "there are other lines than the order has",
                {{place, "must have the lines of the order, in their order"}});
}

json confirm(Order& order, const OrderTransition& wish)
{
    const auto hold = require_fact("/hold", wish.hold, contracts::parse_held_goods);
    expect_lines_of(order, hold.lines, "/hold/lines");
    for (std::size_t at = 0; at < order.lines.size(); ++at) {
        order.lines[at].name = hold.lines[at].name;
        order.lines[at].unit_price = hold.lines[at].unit_price;
        order.lines[at].amount = hold.lines[at].amount;
    }
    order.reasons.clear();
    order.hold_id = hold.id;
    order.total = hold.total;
    order.transfer_id = wish.transfer_id;
    return {{"holdId", hold.id.to_string()}, {"total", hold.total}};
}

json begin_picking(Order& order, const OrderTransition& wish)
{
    if (!wish.pick_id) throw missing("pickId");
    order.pick_id = wish.pick_id;
    return {{"pickId", wish.pick_id->to_string()}};
}

std::int64_t price_of_picked(const Order& order)
{
    std::int64_t price = 0;
    for (const auto& line : order.lines)
        price += line.picked.value_or(0) * line.unit_price.value_or(0);
    return price;
}

json pack(Order& order, const OrderTransition& wish)
{
    const auto pick = require_fact("/pick", wish.pick, contracts::parse_picked_goods);
    expect_lines_of(order, pick.lines, "/pick/lines");
    for (std::size_t at = 0; at < order.lines.size(); ++at)
        order.lines[at].picked = pick.lines[at].picked;
    if (pick.amount != price_of_picked(order))
        throw Error(ErrorCode::invalid, "the amount is not what was picked at the prices of the order",
                    {{"/pick/amount", "must be " + std::to_string(price_of_picked(order))}});
    if (pick.amount == 0) throw Error(ErrorCode::conflict, "nothing of the order was picked");
    return {{"amount", pick.amount}, {"isShort", pick.amount < order.total.value_or(0)}};
}

json hand_over(Order& order, const OrderTransition& wish)
{
    if (!wish.delivery_id) throw missing("deliveryId");
    if (wish.dispatch) {
        const auto dispatch = parse_fact("/dispatch", *wish.dispatch, contracts::parse_dispatch_outcome);
        if (!dispatch.is_dispatched)
            throw Error(ErrorCode::conflict, dispatch.reason.value_or("the delivery was cancelled"));
    }
    order.delivery_id = wish.delivery_id;
    return {{"deliveryId", wish.delivery_id->to_string()}};
}

json deliver(const OrderTransition& wish)
{
    const auto delivery = require_fact("/delivery", wish.delivery, contracts::parse_delivery_outcome);
    if (!delivery.is_delivered)
        throw Error(ErrorCode::conflict,
                    "the order was not delivered: " + delivery.reason.value_or("no reason was given"));
    return json::object();
}

/// An order that somebody had cancelled keeps their reason.
json undo(Order& order, const OrderTransition& wish, OrderStatus before)
{
    if (!wish.failure) return json::object();
    if (before != OrderStatus::cancelled && before != OrderStatus::rejected)
        order.reasons = reasons_of(*wish.failure);
    return {{"failure", json::parse(*wish.failure)}};
}

json facts_of(Order& order, const OrderTransition& wish, OrderStatus before)
{
    switch (wish.to) {
        case OrderMove::confirmed:
            return confirm(order, wish);
        case OrderMove::picking:
            return begin_picking(order, wish);
        case OrderMove::packed:
            return pack(order, wish);
        case OrderMove::delivering:
            return hand_over(order, wish);
        case OrderMove::delivered:
            return deliver(wish);
        case OrderMove::completed:
            order.charged = price_of_picked(order);
            if (wish.transfer_id) order.transfer_id = wish.transfer_id;
            return {{"charged", *order.charged}};
        case OrderMove::undone:
            return undo(order, wish, before);
        case OrderMove::returned:
            break;
    }
    return json::object();
}

bool is_about_return(const OrderTransition& wish)
{
    return wish.to == OrderMove::returned || (wish.to == OrderMove::undone && wish.return_id);
}

}  // namespace

std::string move_order(OrderDraft& draft, const OrderTransition& wish)
{
    if (is_about_return(wish)) return settle_return(draft, wish);
    auto& order = draft.order;
    const auto before = order.status;
    const bool is_foreign = order.workflow_id && order.workflow_id != wish.workflow_id;
    // Whoever carried out nothing of the order has nothing to undo of it.
    if (is_foreign && wish.to == OrderMove::undone) return {};
    if (is_foreign)
        throw Error(ErrorCode::conflict,
                    "the order is carried out by the workflow " + order.workflow_id->to_string());
    const bool was_cancelled = wish.failure && is_cancellation(*wish.failure);
    const auto after = status_after(before, wish.to, was_cancelled, false);
    if (!after)
        throw Error(ErrorCode::conflict, "the order is " + std::string(contracts::to_string(before)) +
                                             " and cannot become " +
                                             std::string(contracts::to_string(wish.to)));
    const auto facts = facts_of(order, wish, before);
    order.status = *after;
    order.workflow_id = wish.workflow_id;
    return core::dump_json(facts);
}

bool is_packed(const Order& order)
{
    return std::ranges::any_of(order.lines, [](const auto& line) { return line.picked.has_value(); });
}

std::vector<contracts::QuantityOfSku> parcel_of(const Order& order)
{
    std::vector<contracts::QuantityOfSku> parcel;
    for (const auto& line : order.lines)
        if (line.picked.value_or(0) > 0) parcel.push_back({line.sku, *line.picked});
    return parcel;
}

}  // namespace lintel::main
