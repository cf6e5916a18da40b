#include "delivery_rules.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::deliveries {
namespace {

using contracts::Delivery;
using contracts::DeliveryEvent;
using contracts::DeliveryEventKind;
using contracts::DeliveryState;
using core::Error;
using core::ErrorCode;

Error conflict(const Delivery& delivery, const std::string& command)
{
    const bool is_final = delivery.is_final.value_or(false);
    auto why = "the delivery is " + std::string(contracts::to_string(delivery.state)) +
               (is_final ? ", finally" : "") + ", and cannot be " + command;
    // Who reads this as a dead letter is a person.
    if (command == "cancelled")
        why += "; the customer has the goods: charge them by hand, or have them sent back";
    return Error(ErrorCode::conflict, why);
}

/// Whether there is something to be done.
bool is_due(const Delivery& delivery, Command command, const std::string& said)
{
    const auto verdict = judge(delivery.state, delivery.is_final.value_or(false), command);
    if (verdict == Verdict::refuse) throw conflict(delivery, said);
    return verdict == Verdict::carry_out;
}

DeliveryEvent event(DeliveryEventKind kind, core::Timestamp now)
{
    DeliveryEvent one;
    one.at = now;
    one.kind = kind;
    return one;
}

void enter(Delivery& delivery, DeliveryState state, DeliveryEvent why)
{
    delivery.state = state;
    delivery.is_final = why.is_final;
    delivery.updated_at = why.at;
    ++delivery.version;
    delivery.events.push_back(std::move(why));
}

/// Its id is the delivery's and the name: the workflow has one of each, however often it is sent.
Signal signal(const Delivery& delivery, const std::string& name, nlohmann::json payload)
{
    if (!delivery.workflow_id) return std::nullopt;
    payload["deliveryId"] = delivery.id.to_string();
    contracts::WorkflowSignal one;
    one.id = delivery.workflow_id;
    one.signal_id = delivery.id.to_string() + '/' + name;
    one.name = name;
    one.payload = core::dump_json(payload);
    return one;
}

/// Nothing said is nothing contradicted.
template <typename Value>
bool agrees(const std::optional<Value>& said, const std::optional<Value>& known)
{
    return !said || said == known;
}

}  // namespace

Verdict judge(DeliveryState state, bool is_final, Command command)
{
    const auto one_of = [command](auto... commands) { return ((command == commands) || ...); };
    switch (state) {
        case DeliveryState::planned:
            return one_of(Command::dispatch, Command::cancel) ? Verdict::carry_out : Verdict::refuse;
        case DeliveryState::dispatched:
            return command == Command::dispatch ? Verdict::as_it_is : Verdict::carry_out;
        case DeliveryState::delivered:
            return command == Command::deliver ? Verdict::as_it_is : Verdict::refuse;
        case DeliveryState::failed:
            if (command == Command::cancel) return Verdict::carry_out;
            if (command == Command::deliver) return Verdict::refuse;
            if (command == Command::fail) return Verdict::as_it_is;
            if (command == Command::dispatch) return is_final ? Verdict::refuse : Verdict::carry_out;
            return is_final ? Verdict::as_it_is : Verdict::carry_out;
        case DeliveryState::cancelled:
            break;
    }
    return command == Command::cancel ? Verdict::as_it_is : Verdict::refuse;
}

Delivery planned(contracts::DeliveryCreate request, core::Timestamp now)
{
    Delivery delivery;
    delivery.id = core::Id::generate();
    delivery.version = 1;
    delivery.order_id = request.order_id;
    delivery.customer_id = request.customer_id;
    delivery.workflow_id = request.workflow_id;
    delivery.recipient = std::move(request.recipient);
    delivery.address = std::move(request.address);
    delivery.lines = std::move(request.lines);
    delivery.state = DeliveryState::planned;
    delivery.events.push_back(event(DeliveryEventKind::planned, now));
    delivery.owner = std::move(request.owner);
    delivery.attributes = std::move(request.attributes);
    delivery.metadata = std::move(request.metadata);
    delivery.created_at = delivery.updated_at = now;
    return delivery;
}

Signal dispatch(Delivery& delivery, const contracts::DeliveryDispatch& said, core::Timestamp now)
{
    if (!is_due(delivery, Command::dispatch, "dispatched")) {
        if (agrees(said.carrier, delivery.carrier) &&
            agrees(said.carrier_reference, delivery.carrier_reference))
            return std::nullopt;
        throw Error(ErrorCode::conflict, "the delivery is dispatched, with another carrier or reference");
    }
    if (delivery.attempts >= kMostAttempts)
        throw Error(ErrorCode::conflict, "the delivery has been dispatched " + std::to_string(kMostAttempts) +
                                             " times; that is enough");
    auto dispatched = event(DeliveryEventKind::dispatched, now);
    dispatched.carrier = delivery.carrier = said.carrier;
    dispatched.carrier_reference = delivery.carrier_reference = said.carrier_reference;
    ++delivery.attempts;
    enter(delivery, DeliveryState::dispatched, std::move(dispatched));
    if (delivery.attempts > 1) return std::nullopt;
    nlohmann::json payload{{"isDispatched", true}};
    if (said.carrier) payload["carrier"] = *said.carrier;
    if (said.carrier_reference) payload["carrierReference"] = *said.carrier_reference;
    return signal(delivery, "dispatched", std::move(payload));
}

Signal deliver(Delivery& delivery, const contracts::DeliveryDeliver& said, core::Timestamp now)
{
    if (!is_due(delivery, Command::deliver, "delivered")) return std::nullopt;
    auto delivered = event(DeliveryEventKind::delivered, now);
    delivered.received_by = said.received_by;
    delivered.note = said.note;
    enter(delivery, DeliveryState::delivered, std::move(delivered));
    return signal(delivery, "delivered", {{"isDelivered", true}});
}

Signal fail(Delivery& delivery, const contracts::DeliveryFail& said, core::Timestamp now)
{
    if (!is_due(delivery, said.is_final ? Command::give_up : Command::fail, "failed")) return std::nullopt;
    auto failed = event(DeliveryEventKind::failed, now);
    failed.reason = said.reason;
    failed.is_final = said.is_final;
    enter(delivery, DeliveryState::failed, std::move(failed));
    if (!said.is_final) return std::nullopt;
    return signal(delivery, "delivered", {{"isDelivered", false}, {"reason", said.reason}});
}

Signal cancel(Delivery& delivery, const contracts::DeliveryCancel& said, core::Timestamp now)
{
    if (!is_due(delivery, Command::cancel, "cancelled")) return std::nullopt;
    if (said.unless_dispatched && delivery.attempts > 0)
        throw Error(ErrorCode::conflict, "a carrier has had the delivery, which is " +
                                             std::string(contracts::to_string(delivery.state)) + " now");
    const bool has_ended = delivery.is_final.value_or(false);
    const bool is_on_its_way = delivery.state == DeliveryState::dispatched;
    auto cancelled = event(is_on_its_way ? DeliveryEventKind::recalled : DeliveryEventKind::cancelled, now);
    cancelled.reason = said.reason;
    enter(delivery, DeliveryState::cancelled, std::move(cancelled));
    if (has_ended) return std::nullopt;
    // What the workflow waits for now will not come.
    const auto why = said.reason.value_or("no reason was given");
    if (delivery.attempts == 0)
        return signal(delivery, "dispatched", {{"isDispatched", false}, {"reason", why}});
    return signal(delivery, "delivered", {{"isDelivered", false}, {"reason", "it was called back: " + why}});
}

}  // namespace lintel::deliveries
