#include "pick_rules.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hold_rules.hpp"
#include "lintel/core/json.hpp"

namespace lintel::inventory {
namespace {

using contracts::Hold;
using contracts::HoldState;
using contracts::Pick;
using contracts::PickLine;
using contracts::PickState;
using core::Error;
using core::ErrorCode;

Error pick_is(const Pick& pick, const std::string& what)
{
    return Error(ErrorCode::conflict, "the pick list is " + std::string(contracts::to_string(pick.state)) +
                                          " and cannot be " + what);
}

}  // namespace

Pick list_for(const Hold& hold, const contracts::PickCreate& request, core::Id id)
{
    if (request.order_id != hold.order_id)
        throw Error(ErrorCode::invalid, "this cannot be picked",
                    {{"/orderId", "is not the order of the hold"}});
    if (hold.state != HoldState::confirmed) throw hold_is(hold, "picked");
    Pick pick;
    pick.id = id;
    pick.order_id = hold.order_id;
    pick.hold_id = hold.id;
    pick.building_id = hold.building_id;
    pick.workflow_id = request.workflow_id;
    pick.owner = request.owner;
    pick.attributes = request.attributes;
    pick.metadata = request.metadata;
    for (const auto& line : hold.lines) {
        const auto quantity = line.quantity - line.short_ - line.returned;
        if (quantity > 0) pick.lines.push_back({line.line, line.sku, line.name, quantity, {}, {}});
    }
    if (pick.lines.empty())
        throw Error(ErrorCode::conflict, "all of the hold came back; there is nothing to pick");
    return pick;
}

void mark(Pick& pick, const contracts::PickMark& request)
{
    if (pick.state != PickState::open) throw pick_is(pick, "marked");
    const auto is_meant = [&](const PickLine& line) { return line.line == request.line; };
    const auto line = std::find_if(pick.lines.begin(), pick.lines.end(), is_meant);
    if (line == pick.lines.end())
        throw Error(ErrorCode::not_found, "the pick list has no line " + std::to_string(request.line));
    if (request.picked > line->quantity)
        throw Error(ErrorCode::invalid, "the line cannot be marked so",
                    {{"/picked", "must be at most " + std::to_string(line->quantity)}});
    line->picked = request.picked;
    line->note = request.note;
}

bool is_to_complete(const Pick& pick, const Hold& hold)
{
    if (pick.state == PickState::completed) return false;
    if (pick.state == PickState::cancelled) throw pick_is(pick, "completed");
    if (hold.state != HoldState::confirmed) throw hold_is(hold, "picked");
    std::vector<core::FieldError> unmarked;
    for (std::size_t at = 0; at < pick.lines.size(); ++at)
        if (!pick.lines[at].picked)
            unmarked.push_back({"/lines/" + std::to_string(at) + "/picked",
                                "line " + std::to_string(pick.lines[at].line) + " has not been marked"});
    if (!unmarked.empty())
        throw Error(ErrorCode::conflict, "not all lines have been marked", std::move(unmarked));
    return true;
}

std::map<std::int64_t, std::int64_t> missing(const Pick& pick)
{
    std::map<std::int64_t, std::int64_t> all;
    for (const auto& line : pick.lines)
        if (line.picked.value_or(0) < line.quantity)
            all.emplace(line.line, line.quantity - line.picked.value_or(0));
    return all;
}

std::optional<contracts::WorkflowSignal> signal_of(const Pick& pick, const Hold& hold)
{
    if (!pick.workflow_id) return std::nullopt;
    std::map<std::int64_t, std::int64_t> prices;
    for (const auto& line : hold.lines)
        prices.emplace(line.line, line.unit_price);
    std::int64_t amount = 0;
    auto lines = nlohmann::json::array();
    for (const auto& line : pick.lines) {
        const auto picked = line.picked.value_or(0);
        amount += picked * prices.at(line.line);
        lines.push_back({{"sku", line.sku}, {"quantity", line.quantity}, {"picked", picked}});
    }
    contracts::WorkflowSignal signal;
    signal.id = pick.workflow_id;
    signal.signal_id = pick.id.to_string();
    signal.name = "picked";
    signal.payload = core::dump_json({{"pickId", pick.id.to_string()},
                                      {"amount", amount},
                                      {"isShort", !missing(pick).empty()},
                                      {"lines", std::move(lines)}});
    return signal;
}

}  // namespace lintel::inventory
