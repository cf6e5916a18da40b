#include "delivery_rows.hpp"

#include <span>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/deliveries/sql/queries.hpp"

namespace lintel::deliveries {
namespace {

using contracts::Delivery;
using contracts::DeliveryEvent;
using contracts::DeliveryLine;
using core::Error;
using core::ErrorCode;
using storage::array_of;
using Text = std::optional<std::string>;

contracts::DeliveryState state_of(std::string_view text)
{
    const auto state = contracts::delivery_state_from_string(text);
    if (!state) throw Error(ErrorCode::internal, "a stored delivery has an unknown state");
    return *state;
}

contracts::DeliveryEventKind event_kind(std::string_view text)
{
    const auto kind = contracts::delivery_event_kind_from_string(text);
    if (!kind) throw Error(ErrorCode::internal, "a stored delivery has an unknown event");
    return *kind;
}

std::string lines_text(const std::vector<DeliveryLine>& lines)
{
    std::string text = "[";
    for (const auto& line : lines) {
        if (text.size() > 1) text += ',';
        contracts::append_json(text, line);
    }
    return text + ']';
}

std::vector<DeliveryLine> lines_of(std::string_view text)
{
    std::vector<DeliveryLine> lines;
    for (const auto& line : core::parse_json(text))
        lines.push_back(contracts::parse_delivery_line(line));
    return lines;
}

Delivery delivery_of(const storage::Row& row)
{
    Delivery delivery;
    delivery.id = row.get<core::Id>("id");
    delivery.version = row.get<std::int64_t>("version");
    delivery.order_id = row.get<core::Id>("order_id");
    delivery.customer_id = row.get<std::optional<core::Id>>("customer_id");
    delivery.workflow_id = row.get<std::optional<core::Id>>("workflow_id");
    delivery.recipient = row.get<Text>("recipient");
    if (const auto address = row.get<std::optional<std::string_view>>("address"))
        delivery.address = contracts::parse_address(core::parse_json(*address));
    delivery.lines = lines_of(row.get<std::string_view>("lines"));
    delivery.state = state_of(row.get<std::string_view>("state"));
    delivery.carrier = row.get<Text>("carrier");
    delivery.carrier_reference = row.get<Text>("carrier_reference");
    delivery.attempts = row.get<std::int64_t>("attempts");
    delivery.is_final = row.get<std::optional<bool>>("is_final");
    delivery.owner.user_id = row.get<Text>("owner_user_id");
    delivery.owner.org_id = row.get<Text>("owner_org_id");
    delivery.attributes = row.get<std::string>("attributes");
    delivery.metadata = row.get<std::string>("metadata");
    delivery.created_at = row.get<core::Timestamp>("created_at");
    delivery.updated_at = row.get<core::Timestamp>("updated_at");
    delivery.deleted_at = row.get<std::optional<core::Timestamp>>("deleted_at");
    return delivery;
}

DeliveryEvent event_of(const storage::Row& row)
{
    DeliveryEvent event;
    event.at = row.get<core::Timestamp>("at");
    event.kind = event_kind(row.get<std::string_view>("kind"));
    event.carrier = row.get<Text>("event_carrier");
    event.carrier_reference = row.get<Text>("event_carrier_reference");
    event.received_by = row.get<Text>("received_by");
    event.reason = row.get<Text>("reason");
    event.note = row.get<Text>("note");
    event.is_final = row.get<std::optional<bool>>("event_is_final");
    return event;
}

void insert_events(storage::Transaction& transaction, const Delivery& delivery, std::size_t known)
{
    const auto fresh = std::span(delivery.events).subspan(known);
    std::vector<std::size_t> sequences;
    for (auto at = known; at < delivery.events.size(); ++at)
        sequences.push_back(at + 1);
    const auto of = [&](auto field) { return array_of(fresh, field); };
    transaction.exec(sql::insert_delivery_events, delivery.id, array_of(sequences), of(&DeliveryEvent::at),
                     of([](const DeliveryEvent& event) { return contracts::to_string(event.kind); }),
                     of(&DeliveryEvent::carrier), of(&DeliveryEvent::carrier_reference),
                     of(&DeliveryEvent::received_by), of(&DeliveryEvent::reason), of(&DeliveryEvent::note),
                     of(&DeliveryEvent::is_final));
}

}  // namespace

std::vector<Delivery> deliveries_of(const storage::Rows& rows)
{
    std::vector<Delivery> deliveries;
    for (const auto row : rows) {
        if (deliveries.empty() || deliveries.back().id != row.get<core::Id>("id"))
            deliveries.push_back(delivery_of(row));
        deliveries.back().events.push_back(event_of(row));
    }
    return deliveries;
}

bool insert_delivery(storage::Transaction& transaction, const Delivery& delivery)
{
    const auto address =
        delivery.address ? std::optional(contracts::to_json(*delivery.address)) : std::nullopt;
    const auto rows =
        transaction.exec(sql::insert_delivery, delivery.id, delivery.order_id, delivery.customer_id,
                         delivery.workflow_id, delivery.recipient, address, lines_text(delivery.lines),
                         contracts::to_string(delivery.state), delivery.owner.user_id, delivery.owner.org_id,
                         delivery.attributes, delivery.metadata, delivery.created_at);
    if (rows.empty()) return false;
    insert_events(transaction, delivery, 0);
    return true;
}

void update_delivery(storage::Transaction& transaction, const Delivery& delivery, std::size_t known)
{
    transaction.exec(sql::update_delivery, delivery.id, delivery.version,
                     contracts::to_string(delivery.state), delivery.carrier, delivery.carrier_reference,
                     delivery.attempts, delivery.is_final, delivery.updated_at);
    insert_events(transaction, delivery, known);
}

}  // namespace lintel::deliveries
