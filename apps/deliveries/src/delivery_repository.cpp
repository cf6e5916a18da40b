#include "delivery_repository.hpp"

#include <span>

#include "delivery_rows.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/deliveries/sql/queries.hpp"
#include "lintel/storage/outbox.hpp"

namespace lintel::deliveries {
namespace {

using contracts::Delivery;
using core::Error;
using core::ErrorCode;
using storage::array_of;

Delivery load(storage::Transaction& transaction, const core::Id& id)
{
    auto found = deliveries_of(transaction.exec(sql::get_deliveries, array_of(std::vector{id})));
    if (found.empty()) throw no_such_delivery(id);
    return std::move(found.front());
}

Error has_delivery(storage::Transaction& transaction, const core::Id& order)
{
    std::string which;
    for (const auto row : transaction.exec(sql::find_live_delivery, order))
        which = ": " + row.get<std::string>("id") + " is " + row.get<std::string>("state");
    return Error(ErrorCode::conflict, "the order " + order.to_string() + " has a delivery already" + which);
}

void promise(storage::Transaction& transaction, const core::Id& delivery,
             const contracts::WorkflowSignal& signal)
{
    storage::NewIntent intent;
    intent.subject = contracts::WorkflowsSignal::kSubject;
    intent.payload = contracts::to_json(signal);
    intent.idempotency_key = signal.signal_id;
    intent.resource_id = delivery;
    storage::insert_intents(transaction, std::span(&intent, 1));
}

}  // namespace

Error no_such_delivery(const core::Id& id)
{
    return Error(ErrorCode::not_found, "there is no delivery " + id.to_string());
}

DeliveryRepository::DeliveryRepository(storage::Pool& pool)
    : pool_(pool), reads_(pool, sql::get_deliveries, deliveries_of)
{
}

core::Task<DeliveryRepository::Changed> DeliveryRepository::create(telemetry::Context context,
                                                                   Delivery delivery, Key key)
{
    auto body = [delivery = std::move(delivery), key](storage::Transaction& transaction) {
        if (const auto used = storage::claim_idempotency_key(transaction, key, delivery.id))
            return Changed{load(transaction, *used), true, false};
        if (!insert_delivery(transaction, delivery)) throw has_delivery(transaction, delivery.order_id);
        return Changed{delivery, false, false};
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::optional<Delivery>> DeliveryRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.get(std::move(context), id);
}

core::Task<std::vector<Delivery>> DeliveryRepository::list(telemetry::Context context,
                                                           contracts::DeliveryList filter, core::Id before,
                                                           std::int64_t limit)
{
    co_return deliveries_of(co_await page(std::move(context), filter, before, limit));
}

/// By the query that reads no more than what is asked for.
core::Task<storage::Rows> DeliveryRepository::page(telemetry::Context context,
                                                   const contracts::DeliveryList& filter, core::Id before,
                                                   std::int64_t limit)
{
    std::optional<std::string_view> state;
    if (filter.state) state = contracts::to_string(*filter.state);
    if (filter.order_id)
        return pool_.query(std::move(context), sql::list_deliveries_by_order, before, limit, *filter.order_id,
                           state);
    if (state) return pool_.query(std::move(context), sql::list_deliveries_by_state, before, limit, *state);
    return pool_.query(std::move(context), sql::list_deliveries, before, limit);
}

core::Task<DeliveryRepository::Changed> DeliveryRepository::change(telemetry::Context context, core::Id id,
                                                                   Change change, Key key)
{
    auto body = [id, change = std::move(change), key](storage::Transaction& transaction) {
        const auto used = storage::claim_idempotency_key(transaction, key, id);
        transaction.exec(sql::lock_delivery, id);
        Changed changed{load(transaction, id), used.has_value(), false};
        if (changed.is_replay) return changed;
        const auto known = changed.delivery.events.size();
        const auto signal = change(changed.delivery);
        if (changed.delivery.events.size() == known) return changed;
        update_delivery(transaction, changed.delivery, known);
        changed.is_promised = signal.has_value();
        if (signal) promise(transaction, id, *signal);
        return changed;
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

}  // namespace lintel::deliveries
