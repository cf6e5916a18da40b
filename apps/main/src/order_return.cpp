#include "order_return.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "order_reasons.hpp"
#include "order_rules.hpp"

namespace lintel::main {
namespace {

using contracts::Order;
using contracts::OrderLine;
using contracts::OrderReturn;
using contracts::OrderReturnStatus;
using core::Error;
using core::ErrorCode;
using nlohmann::json;

std::int64_t can_come_back(const OrderLine& line)
{
    return line.picked.value_or(0) - line.returned.value_or(0);
}

/// Takes up to `quantity` of a product off the lines that have it; returns how much was not there.
std::int64_t take(Order& order, contracts::OrderReturnLine& wanted)
{
    auto left = wanted.quantity;
    for (auto& line : order.lines) {
        if (line.sku != wanted.sku) continue;
        const auto taken = std::min(left, can_come_back(line));
        if (taken == 0) continue;
        line.returned = line.returned.value_or(0) + taken;
        wanted.amount += taken * line.unit_price.value_or(0);
        left -= taken;
    }
    return left;
}

void give_back(Order& order, const contracts::OrderReturnLine& line)
{
    auto left = line.quantity;
    for (auto& each : order.lines) {
        if (each.sku != line.sku) continue;
        const auto given = std::min(left, each.returned.value_or(0));
        each.returned = each.returned.value_or(0) - given;
        if (each.returned == 0) each.returned.reset();
        left -= given;
    }
}

void refuse(std::vector<core::FieldError> unknown, std::vector<core::FieldError> missing)
{
    if (!unknown.empty())
        throw Error(ErrorCode::invalid, "the order does not have all of that", std::move(unknown));
    if (!missing.empty())
        throw Error(ErrorCode::conflict, "there is less of the order to come back", std::move(missing));
}

json complete(OrderDraft& draft, const contracts::OrderTransition& wish)
{
    auto& [order, order_return] = draft;
    const auto refunded = order.refunded + order_return->amount;
    const auto after = status_after(order.status, wish.to, false, refunded >= order.charged.value_or(0));
    if (!after)
        throw Error(ErrorCode::conflict, "the order is " + std::string(contracts::to_string(order.status)) +
                                             "; nothing can come back of it");
    order.status = *after;
    order.refunded = refunded;
    order_return->status = OrderReturnStatus::completed;
    order_return->transfer_id = wish.refund_id;
    return {{"amount", order_return->amount}};
}

json take_nothing(OrderDraft& draft, const contracts::OrderTransition& wish)
{
    refuse_return(draft, wish.failure ? reasons_of(*wish.failure) : std::vector<contracts::OrderReason>());
    if (!wish.failure) return json::object();
    return {{"failure", json::parse(*wish.failure)}};
}

}  // namespace

OrderReturn request_return(Order& order, contracts::OrderReturnCreate request, core::Timestamp now)
{
    if (!can_be_returned(order.status))
        throw Error(ErrorCode::conflict, "the order is " + std::string(contracts::to_string(order.status)) +
                                             "; only what was delivered and paid can come back");
    OrderReturn made;
    made.id = core::Id::generate();
    made.order_id = order.id;
    made.version = 1;
    made.currency = order.currency;
    made.reason = std::move(request.reason);
    made.owner = std::move(request.owner);
    made.attributes = std::move(request.attributes);
    made.metadata = std::move(request.metadata);
    made.created_at = made.updated_at = now;
    std::vector<core::FieldError> unknown;
    std::vector<core::FieldError> missing;
    for (std::size_t at = 0; at < request.lines.size(); ++at) {
        const auto place = "/lines/" + std::to_string(at);
        contracts::OrderReturnLine line{request.lines[at].sku, request.lines[at].quantity, 0};
        if (std::ranges::find(order.lines, line.sku, &OrderLine::sku) == order.lines.end())
            unknown.push_back({place + "/sku", "is not in the order"});
        else if (const auto left = take(order, line); left > 0)
            missing.push_back({place + "/quantity", std::to_string(line.quantity - left) + " of " +
                                                        std::to_string(line.quantity) + " can come back"});
        made.amount += line.amount;
        made.lines.push_back(std::move(line));
    }
    refuse(std::move(unknown), std::move(missing));
    return made;
}

void refuse_return(OrderDraft& draft, std::vector<contracts::OrderReason> reasons)
{
    for (const auto& line : draft.order_return->lines)
        give_back(draft.order, line);
    draft.order_return->status = OrderReturnStatus::refused;
    draft.order_return->reasons = std::move(reasons);
}

std::string settle_return(OrderDraft& draft, const contracts::OrderTransition& wish)
{
    if (!wish.return_id)
        throw Error(ErrorCode::invalid, "returnId is missing", {{"/returnId", "is a must for this move"}});
    if (!draft.order_return)
        throw Error(ErrorCode::not_found, "the order has no return " + wish.return_id->to_string());
    if (draft.order_return->status != OrderReturnStatus::requested)
        throw Error(
            ErrorCode::conflict,
            "the return is " + std::string(contracts::to_string(draft.order_return->status)) + " already");
    auto facts =
        wish.to == contracts::OrderMove::returned ? complete(draft, wish) : take_nothing(draft, wish);
    facts["returnId"] = wish.return_id->to_string();
    return core::dump_json(facts);
}

}  // namespace lintel::main
