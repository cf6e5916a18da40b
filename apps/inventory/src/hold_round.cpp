#include "hold_round.hpp"

#include "lintel/core/failpoint.hpp"
#include "lintel/inventory/sql/queries.hpp"

namespace lintel::inventory {
namespace {

using contracts::Hold;
using contracts::HoldChanged;
using contracts::HoldReserve;
using core::Error;
using core::ErrorCode;
using Finding = storage::IdempotencyKeys::Finding;
using Outcome = HoldCommands::Outcome;

/// The hold that a command is about.
core::Id hold_id(const HoldCommand& command)
{
    struct Visitor {
        core::Id id;
        core::Id operator()(const HoldReserve&) const { return id; }
        core::Id operator()(const contracts::HoldConfirm& request) const { return request.hold_id; }
        core::Id operator()(const contracts::HoldRelease& request) const { return request.hold_id; }
        core::Id operator()(const contracts::HoldRestock& request) const { return request.hold_id; }
    };
    return std::visit(Visitor{command.id}, command.what);
}

std::vector<storage::IdempotencyKeys::Use> uses_of(std::span<const HoldCommand> commands, core::Timestamp now)
{
    std::vector<storage::IdempotencyKeys::Use> uses;
    for (const auto& command : commands)
        if (command.key) uses.push_back({&*command.key, hold_id(command), now});
    return uses;
}

HoldChanged shown(const Hold& hold, bool is_replay)
{
    HoldChanged answer;
    static_cast<Hold&>(answer) = hold;
    answer.is_replay = is_replay;
    return answer;
}

Error no_such_hold(const core::Id& id)
{
    return Error(ErrorCode::not_found, "there is no hold " + id.to_string());
}

}  // namespace

HoldRound::HoldRound(storage::Transaction& transaction, std::span<const HoldCommand> commands,
                     Patience patience)
    : transaction_(transaction),
      commands_(commands),
      patience_(patience),
      keys_(transaction, uses_of(commands, now_))
{
}

std::vector<Outcome> HoldRound::run()
{
    for (const auto& command : commands_)
        findings_.push_back(command.key ? keys_.take(*command.key) : Finding::fresh);
    load();
    std::vector<Outcome> outcomes;
    for (std::size_t at = 0; at < commands_.size(); ++at)
        outcomes.push_back(outcome_of(commands_[at], findings_[at]));
    save();
    core::failpoint("inventory.before_commit");
    return outcomes;
}

void HoldRound::load()
{
    std::set<core::Id> ids;
    for (std::size_t at = 0; at < commands_.size(); ++at) {
        const auto& command = commands_[at];
        if (findings_[at] == Finding::replay)
            ids.insert(keys_.resource(*command.key).value_or(command.id));
        else if (!std::holds_alternative<HoldReserve>(command.what))
            ids.insert(hold_id(command));
    }
    const std::vector<core::Id> sorted(ids.begin(), ids.end());
    for (auto& hold : lock_holds(transaction_, sorted, patience_))
        holds_.emplace(hold.id, std::move(hold));
    load_offers();
    load_stock();
}

void HoldRound::load_offers()
{
    std::set<std::string> skus;
    for (const auto& command : commands_)
        if (const auto* request = std::get_if<HoldReserve>(&command.what))
            for (const auto& line : request->lines)
                skus.insert(line.sku);
    if (skus.empty()) return;
    for (const auto row : transaction_.exec(sql::find_offers, storage::array_of(skus)))
        offers_.emplace(row.get<std::string>("sku"),
                        Offer{row.get<std::string>("name"), row.get<std::int64_t>("price"),
                              row.get<std::string>("currency")});
}

void HoldRound::load_stock()
{
    std::set<StockPlace> places;
    for (std::size_t at = 0; at < commands_.size(); ++at) {
        if (findings_[at] != Finding::fresh) continue;
        if (const auto* request = std::get_if<HoldReserve>(&commands_[at].what)) {
            places.merge(places_of_request(*request));
        } else if (const auto hold = holds_.find(hold_id(commands_[at])); hold != holds_.end()) {
            places.merge(places_of(hold->second));
        }
    }
    book_ = lock_stock(transaction_, places, patience_);
}

Outcome HoldRound::outcome_of(const HoldCommand& command, Finding finding)
{
    if (finding == Finding::other_request) return storage::key_of_another_request();
    if (finding == Finding::replay) return replay(command);
    auto outcome = decide(command);
    if (!command.key) return outcome;
    if (!std::holds_alternative<HoldChanged>(outcome)) keys_.release(*command.key);
    by_key_.emplace(std::pair(command.key->scope, command.key->key), outcome);
    return outcome;
}

Outcome HoldRound::replay(const HoldCommand& command)
{
    const auto same = by_key_.find(std::pair(command.key->scope, command.key->key));
    if (same != by_key_.end()) {
        auto outcome = same->second;
        if (auto* answer = std::get_if<HoldChanged>(&outcome)) answer->is_replay = true;
        return outcome;
    }
    const auto id = keys_.resource(*command.key).value_or(command.id);
    const auto hold = holds_.find(id);
    if (hold != holds_.end()) return shown(hold->second, true);
    if (patience_ == Patience::skips) return HoldCommands::Busy{};
    return no_such_hold(id);
}

Outcome HoldRound::decide(const HoldCommand& command)
{
    try {
        if (const auto* request = std::get_if<HoldReserve>(&command.what)) return reserve(command, *request);
        return change(command);
    } catch (const Error& error) {
        // What the rules did not foresee fails the round before anything is written.
        if (error.code() == ErrorCode::internal) throw;
        return error;
    }
}

Outcome HoldRound::reserve(const HoldCommand& command, const HoldReserve& request)
{
    if (!has_stock(places_of_request(request))) return HoldCommands::Busy{};
    auto hold = inventory::reserve(request, command.id, now_ + command.lifetime, offers_, book_, now_);
    made_.push_back(hold.id);
    return shown(holds_.emplace(hold.id, std::move(hold)).first->second, false);
}

Outcome HoldRound::change(const HoldCommand& command)
{
    const auto found = holds_.find(hold_id(command));
    if (found == holds_.end() && patience_ == Patience::skips) return HoldCommands::Busy{};
    if (found == holds_.end()) throw no_such_hold(hold_id(command));
    auto& hold = found->second;
    if (!has_stock(places_of(hold))) return HoldCommands::Busy{};
    const auto version = hold.version;
    if (std::holds_alternative<contracts::HoldConfirm>(command.what))
        confirm(hold, book_, now_);
    else if (const auto* request = std::get_if<contracts::HoldRelease>(&command.what))
        release(hold, request->reason, book_, now_);
    else
        restock(hold, std::get<contracts::HoldRestock>(command.what), book_, now_);
    if (hold.version != version) changed_.insert(hold.id);
    return shown(hold, false);
}

bool HoldRound::has_stock(const std::set<StockPlace>& places) const
{
    return patience_ == Patience::waits ||
           std::all_of(places.begin(), places.end(),
                       [this](const StockPlace& place) { return book_.has(place); });
}

std::set<StockPlace> HoldRound::places_of_request(const HoldReserve& request) const
{
    std::set<StockPlace> places;
    for (const auto& line : request.lines)
        if (offers_.contains(line.sku)) places.insert({request.building_id, line.sku});
    return places;
}

void HoldRound::save()
{
    std::vector<Hold> made;
    for (const auto& id : made_)
        made.push_back(holds_.at(id));
    std::vector<Hold> changed;
    for (const auto& id : changed_)
        changed.push_back(holds_.at(id));
    insert_holds(transaction_, made);
    save_holds(transaction_, changed);
    save_stock(transaction_, book_);
    keys_.finish();
}

}  // namespace lintel::inventory
