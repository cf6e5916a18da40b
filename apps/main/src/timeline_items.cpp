#include "timeline_items.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/json.hpp"

namespace lintel::main {
namespace {

using contracts::OrderTimelineItem;
using nlohmann::json;

OrderTimelineItem item(core::Timestamp at, std::string source, std::string_view type, const core::Id& id,
                       const json& data = json::object())
{
    OrderTimelineItem one;
    one.at = at;
    one.source = std::move(source);
    one.type = type;
    one.id = id;
    one.data = core::dump_json(data);
    return one;
}

/// The step of a workflow's request, whose key is RUN/PATH/GENERATION.
std::optional<std::string> step_of(const std::string& key)
{
    const auto first = key.find('/');
    const auto last = key.rfind('/');
    if (first == key.npos || last <= first + 1) return std::nullopt;
    return key.substr(first + 1, last - first - 1);
}

void add_pieces(json& data, const std::vector<contracts::PickLine>& lines)
{
    std::int64_t ordered = 0;
    std::int64_t picked = 0;
    for (const auto& line : lines) {
        ordered += line.quantity;
        picked += line.picked.value_or(0);
    }
    data["ordered"] = ordered;
    data["picked"] = picked;
}

}  // namespace

TimelineItems timeline_of(const core::Id& order, const OrderEvent& event)
{
    auto data = json::parse(event.data);
    data["status"] = contracts::to_string(event.status);
    data["number"] = event.number;
    if (event.workflow) data["workflowId"] = event.workflow->to_string();
    auto one = item(event.at, "order", event.type, order, data);
    one.trace_id = event.trace_id;
    one.idempotency_key = event.key;
    if (event.workflow && event.key) one.step = step_of(*event.key);
    return {std::move(one)};
}

TimelineItems timeline_of(const core::Id& workflow, const contracts::WorkflowEvent& event)
{
    auto one = item(event.at, "workflow", event.type, workflow);
    one.step = event.step;
    one.data = event.data;
    return {std::move(one)};
}

TimelineItems timeline_of(const contracts::Hold& hold)
{
    const json data{{"total", hold.total},
                    {"currency", hold.currency},
                    {"lines", hold.lines.size()},
                    {"expiresAt", core::to_rfc3339(hold.expires_at)}};
    TimelineItems items{item(hold.created_at, "hold", "held", hold.id, data)};
    if (hold.confirmed_at) items.push_back(item(*hold.confirmed_at, "hold", "confirmed", hold.id));
    if (hold.ended_at) {
        auto why = json::object();
        if (hold.release_reason) why["reason"] = *hold.release_reason;
        items.push_back(item(*hold.ended_at, "hold", contracts::to_string(hold.state), hold.id, why));
    }
    return items;
}

TimelineItems timeline_of(const contracts::Transfer& transfer)
{
    json data{{"amount", transfer.amount},
              {"currency", transfer.currency},
              {"debitAccountId", transfer.debit_account_id.to_string()},
              {"creditAccountId", transfer.credit_account_id.to_string()}};
    if (transfer.description) data["description"] = *transfer.description;
    TimelineItems items{item(transfer.created_at, "transfer",
                             transfer.resolved_at ? "pending" : contracts::to_string(transfer.state),
                             transfer.id, data)};
    if (transfer.resolved_at) {
        auto result = json::object();
        if (transfer.posted_amount) result["postedAmount"] = *transfer.posted_amount;
        items.push_back(item(*transfer.resolved_at, "transfer", contracts::to_string(transfer.state),
                             transfer.id, result));
    }
    return items;
}

TimelineItems timeline_of(const contracts::Pick& pick)
{
    TimelineItems items{item(pick.created_at, "pick", "open", pick.id, json{{"lines", pick.lines.size()}})};
    if (pick.completed_at) {
        auto data = json::object();
        add_pieces(data, pick.lines);
        items.push_back(item(*pick.completed_at, "pick", "completed", pick.id, data));
    }
    if (pick.cancelled_at) items.push_back(item(*pick.cancelled_at, "pick", "cancelled", pick.id));
    return items;
}

TimelineItems timeline_of(const contracts::Delivery& delivery)
{
    TimelineItems items;
    for (const auto& event : delivery.events) {
        auto data = json::parse(contracts::to_json(event));
        data.erase("at");
        data.erase("kind");
        items.push_back(item(event.at, "delivery", contracts::to_string(event.kind), delivery.id, data));
    }
    return items;
}

}  // namespace lintel::main
