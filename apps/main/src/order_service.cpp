#include "order_service.hpp"

#include <algorithm>

#include "lintel/core/error.hpp"
#include "lintel/core/failpoint.hpp"
#include "order_recall.hpp"
#include "order_return.hpp"
#include "order_rules.hpp"

namespace lintel::main {
namespace {

using contracts::Order;
using contracts::OrderStatus;
using core::Error;
using core::ErrorCode;
using Kind = OrderChanged::Kind;

constexpr std::string_view kPlace = "POST /v1/orders";
/// Of a request's time, kept for the answer.
constexpr std::chrono::milliseconds kAnswerReserve{300};

Error no_such_order(const core::Id& id)
{
    return Error(ErrorCode::not_found, "there is no order " + id.to_string());
}

/// Why an order was not placed although no earlier request had used its key.
Error refused(bool has_building)
{
    if (!has_building)
        return Error(ErrorCode::invalid, "the order is not acceptable",
                     {{"/buildingId", "is not a building"}});
    return Error(ErrorCode::unavailable, "the Idempotency-Key has just expired; send the request again");
}

Order new_order(contracts::OrderCreate request)
{
    Order order;
    order.id = core::Id::generate();
    order.version = 1;
    order.customer_id = request.customer_id;
    order.building_id = request.building_id;
    order.currency = std::move(request.currency);
    for (auto& line : request.lines)
        order.lines.push_back({std::move(line.sku), line.quantity});
    order.delivery_address = std::move(request.delivery_address);
    order.owner = std::move(request.owner);
    order.attributes = std::move(request.attributes);
    order.metadata = std::move(request.metadata);
    order.created_at = order.updated_at = core::now();
    return order;
}

OrderChange change_of(const telemetry::Context& context, const core::Id& order)
{
    OrderChange change;
    change.order = order;
    change.trace_id = context.trace.trace_id();
    return change;
}

/// What a move is called in the order's history.
std::string event_of(const contracts::OrderTransition& wish)
{
    const bool is_refusal = wish.to == contracts::OrderMove::undone && wish.return_id;
    return is_refusal ? "returnRefused" : std::string(contracts::to_string(wish.to));
}

/// `is_recalled`: no carrier will take it.
OrderDecision cancel_order(OrderDraft& draft, const contracts::OrderCancelBody& request, bool is_recalled)
{
    auto& order = draft.order;
    if (order.status == OrderStatus::cancelled) return {};
    if (!can_be_cancelled(order.status))
        throw Error(ErrorCode::conflict, "the order is " + std::string(contracts::to_string(order.status)) +
                                             " and cannot be cancelled any more");
    if (is_packed(order) && !is_recalled)
        throw Error(ErrorCode::unavailable, "the order has been packed this moment; send the request again");
    order.status = OrderStatus::cancelled;
    order.reasons = {{"cancelled", request.reason.value_or("the customer wished it"), std::nullopt}};
    OrderDecision decision;
    decision.event = "cancelled";
    decision.intents.push_back(end_of_fulfilment(order.id, request.reason));
    return decision;
}

OrderDecision take_back(OrderDraft& draft, const contracts::OrderReturnCreate& request, const core::Id& id,
                        core::Timestamp now)
{
    // The transaction is run again when nobody knows whether it was committed; it was.
    if (draft.order_return) return {};
    draft.order_return = request_return(draft.order, request, now);
    draft.order_return->id = id;
    OrderDecision decision;
    decision.event = "returnRequested";
    decision.data = R"({"returnId":")" + id.to_string() + R"("})";
    decision.is_new_return = true;
    decision.intents.push_back(start_of_return(draft.order, *draft.order_return));
    return decision;
}

}  // namespace

OrderService::OrderService(OrderRepository& repository, OrderChanges& changes, BuildingRepository& buildings,
                           WorkflowStarts& workflows, Workers workers, core::Executor& executor,
                           Options options)
    : repository_(repository),
      changes_(changes),
      buildings_(buildings),
      workflows_(workflows),
      workers_(workers),
      options_(options),
      waits_(repository, executor, options.wait_poll)
{
}

core::Task<OrderService::Placed> OrderService::place(telemetry::Context context,
                                                     contracts::OrderCreate request, std::string key,
                                                     std::optional<std::chrono::seconds> wait)
{
    NewOrder item;
    if (!key.empty()) item.fingerprint = core::Id::derive(core::Id(), contracts::to_json(request));
    item.order = new_order(std::move(request));
    item.trace_id = context.trace.trace_id();
    item.key = key;
    item.key_expires_at = item.order.created_at + options_.key_ttl;
    item.intent = workflows_.intent_for(fulfilment_of(item.order.id, item.order.building_id));
    auto order = item.order;
    const auto fingerprint = item.fingerprint;
    const auto intent_id = item.intent.id;
    const auto building = co_await buildings_.get(context, order.building_id);
    bool is_inserted = false;
    // One that was placed while the building was there is the same order ever after.
    if (building) {
        const auto claim = keys_in_flight_.claim(key);
        is_inserted = co_await repository_.insert(context, std::move(item));
    }
    if (!is_inserted) {
        const auto used = co_await find_key(context, std::string(kPlace), key, fingerprint);
        if (!used) throw refused(building.has_value());
        // A statement that was sent again after a lost connection finds the key it took itself.
        if (*used != order.id) {
            auto known = co_await get(context, *used);
            co_return co_await finish(std::move(context), std::move(known), true, std::nullopt, wait);
        }
    }
    core::failpoint("main.after_commit");
    co_return co_await finish(std::move(context), std::move(order), false, intent_id, wait);
}

core::Task<std::optional<core::Id>> OrderService::find_key(telemetry::Context context, std::string scope,
                                                           std::string key, core::Id fingerprint)
{
    if (key.empty()) co_return std::nullopt;
    const auto used = co_await repository_.find_key(std::move(context), std::move(scope), std::move(key));
    if (!used) co_return std::nullopt;
    if (used->fingerprint != fingerprint) throw storage::key_of_another_request();
    co_return used->order_id;
}

core::Task<OrderService::Placed> OrderService::finish(telemetry::Context context, Order order, bool is_replay,
                                                      std::optional<core::Id> intent,
                                                      std::optional<std::chrono::seconds> wait)
{
    Placed placed;
    placed.is_replay = is_replay;
    placed.order.workflow =
        co_await workflows_.start(context, fulfilment_of(order.id, order.building_id), intent);
    if (wait) {
        const auto left = context.deadline.remaining() - kAnswerReserve;
        placed.wait = std::clamp(std::chrono::floor<std::chrono::seconds>(left), std::chrono::seconds(0),
                                 allowed_wait(*wait));
        order = co_await wait_for_decision(std::move(context), std::move(order), *placed.wait);
    }
    static_cast<Order&>(placed.order) = std::move(order);
    co_return placed;
}

std::chrono::seconds OrderService::allowed_wait(std::chrono::seconds asked) const
{
    return std::min(asked, std::chrono::floor<std::chrono::seconds>(options_.wait_max));
}

core::Task<Order> OrderService::wait_for_decision(telemetry::Context context, Order order,
                                                  std::chrono::seconds wait)
{
    if (order.status != OrderStatus::placed) co_return order;
    co_await waits_.wait(context, order.id, core::Deadline::after(wait));
    try {
        co_return co_await get(std::move(context), order.id);
    } catch (const Error&) {
        // It is placed, whatever the database does now.
    }
    co_return order;
}

core::Task<Order> OrderService::get(telemetry::Context context, core::Id id)
{
    auto order = co_await repository_.get(std::move(context), id);
    if (!order) throw no_such_order(id);
    co_return std::move(*order);
}

core::Task<contracts::OrderPage> OrderService::list(telemetry::Context context, contracts::OrderList request)
{
    const auto filters = core::page_filters("orders", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::OrderPage page;
    page.items = co_await repository_.list(std::move(context), std::move(request), before,
                                           static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<OrderChanged> OrderService::change(telemetry::Context context, OrderChange change)
{
    const auto id = change.order;
    auto changed = co_await changes_.submit(std::move(context), std::move(change));
    if (changed.kind == Kind::missing) throw no_such_order(id);
    if (changed.kind == Kind::changed && changed.draft.order.status != OrderStatus::placed) waits_.wake(id);
    co_return changed;
}

core::Task<contracts::OrderTransitioned> OrderService::transition(telemetry::Context context,
                                                                  contracts::OrderTransition request,
                                                                  std::string key)
{
    auto wish = change_of(context, request.id);
    wish.order_return = request.return_id;
    wish.fingerprint = core::Id::derive(core::Id(), contracts::to_json(request));
    // One that has no key gets its own: the transaction may be run again.
    wish.event_key = key.empty() ? core::Id::generate().to_string() : std::move(key);
    wish.workflow = request.workflow_id;
    wish.decide = [request](OrderDraft& draft, core::Timestamp) {
        OrderDecision decision;
        decision.data = move_order(draft, request);
        if (!decision.data.empty()) decision.event = event_of(request);
        return decision;
    };
    const auto changed = co_await change(std::move(context), std::move(wish));
    core::failpoint("main.after_transition");
    const auto& order = changed.draft.order;
    contracts::OrderTransitioned answer;
    answer.id = order.id;
    answer.version = order.version;
    answer.status = order.status;
    if (request.to == contracts::OrderMove::packed) answer.parcel = parcel_of(order);
    answer.is_replay = changed.kind == Kind::replayed;
    co_return answer;
}

core::Task<OrderService::Cancelled> OrderService::cancel(telemetry::Context context, core::Id id,
                                                         contracts::OrderCancelBody request, std::string key)
{
    auto wish = change_of(context, id);
    wish.request_key =
        storage::make_idempotency_key("POST /v1/orders/{id}/cancel", std::move(key),
                                      id.to_string() + contracts::to_json(request), options_.key_ttl);
    const auto order = co_await get(context, id);
    const bool is_recalled = order.status == OrderStatus::picking && is_packed(order);
    if (is_recalled) {
        // A request that its key refuses must not have kept the carrier away.
        if (wish.request_key)
            co_await find_key(context, wish.request_key->scope, wish.request_key->key,
                              wish.request_key->fingerprint);
        co_await recall(workers_, context, id, request.reason);
        core::failpoint("main.after_recall");
    }
    wish.decide = [request, is_recalled](OrderDraft& draft, core::Timestamp) {
        return cancel_order(draft, request, is_recalled);
    };
    auto changed = co_await change(std::move(context), std::move(wish));
    if (changed.kind == Kind::changed) workflows_.wake_relay();
    co_return Cancelled{std::move(changed.draft.order), changed.kind == Kind::replayed};
}

core::Task<OrderService::Returned> OrderService::request_return(telemetry::Context context, core::Id id,
                                                                contracts::OrderReturnCreate request,
                                                                std::string key)
{
    auto wish = change_of(context, id);
    wish.order_return = core::Id::generate();
    wish.request_key =
        storage::make_idempotency_key("POST /v1/orders/{id}/returns", std::move(key),
                                      id.to_string() + contracts::to_json(request), options_.key_ttl);
    wish.decide = [request, made = *wish.order_return](OrderDraft& draft, core::Timestamp now) {
        return take_back(draft, request, made, now);
    };
    auto changed = co_await change(std::move(context), std::move(wish));
    if (changed.kind == Kind::changed) workflows_.wake_relay();
    if (!changed.draft.order_return)
        throw Error(ErrorCode::internal, "the return of this Idempotency-Key is not there");
    co_return Returned{std::move(*changed.draft.order_return), changed.kind == Kind::replayed};
}

core::Task<contracts::OrderReturnPage> OrderService::list_returns(telemetry::Context context, core::Id id,
                                                                  contracts::PageQuery request)
{
    co_await get(context, id);
    const auto filters = core::page_filters("returns/" + id.to_string(), request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::OrderReturnPage page;
    page.items = co_await repository_.list_returns(std::move(context), id, before,
                                                   static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

}  // namespace lintel::main
