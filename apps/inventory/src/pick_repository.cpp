#include "pick_repository.hpp"

#include "hold_repository.hpp"
#include "hold_rules.hpp"
#include "inventory_rows.hpp"
#include "lintel/contracts/texts.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/inventory/sql/queries.hpp"
#include "lintel/storage/outbox.hpp"
#include "pick_rules.hpp"

namespace lintel::inventory {
namespace {

using contracts::Hold;
using contracts::Pick;
using contracts::PickState;
using core::Error;
using core::ErrorCode;
using storage::Transaction;

Pick one_pick(Transaction& transaction, const storage::Query& query, const core::Id& id)
{
    auto pick = read_first(transaction.exec(query, id), pick_of);
    if (!pick) throw no_such_pick(id);
    return std::move(*pick);
}

std::vector<Pick> picks_of(const storage::Rows& rows)
{
    return read_all(rows, pick_of);
}

Hold lock_hold(Transaction& transaction, const core::Id& id)
{
    auto holds = lock_holds(transaction, std::span(&id, 1), Patience::waits);
    if (holds.empty()) throw Error(ErrorCode::not_found, "there is no hold " + id.to_string());
    return std::move(holds.front());
}

Pick insert(Transaction& transaction, const Pick& pick)
{
    return pick_of(transaction
                       .exec(sql::insert_pick, pick.id, pick.order_id, pick.hold_id, pick.building_id,
                             pick.workflow_id, lines_text(pick.lines), pick.owner.user_id, pick.owner.org_id,
                             pick.attributes, pick.metadata)
                       .one());
}

Pick save(Transaction& transaction, const Pick& pick, PickState state)
{
    const auto rows =
        transaction.exec(sql::save_pick, pick.id, contracts::to_string(state), lines_text(pick.lines));
    return pick_of(rows.one());
}

/// What was not on the shelf leaves the hold, and the stock.
void settle_missing(Transaction& transaction, const Pick& pick, Hold& hold)
{
    const auto short_lines = missing(pick);
    if (short_lines.empty()) return;
    std::set<StockPlace> places;
    for (const auto& line : pick.lines)
        if (short_lines.contains(line.line)) places.insert({hold.building_id, line.sku});
    auto book = lock_stock(transaction, places, Patience::waits);
    take_short(hold, short_lines, pick.id, book, core::now());
    save_holds(transaction, std::span(&hold, 1));
    save_stock(transaction, book);
}

bool promise(Transaction& transaction, const Pick& pick, const Hold& hold)
{
    const auto signal = signal_of(pick, hold);
    if (!signal) return false;
    storage::NewIntent intent;
    intent.subject = contracts::WorkflowsSignal::kSubject;
    intent.payload = contracts::to_json(*signal);
    intent.idempotency_key = signal->signal_id;
    intent.resource_id = pick.id;
    storage::insert_intents(transaction, std::span(&intent, 1));
    return true;
}

PickRepository::Changed create_pick(Transaction& transaction, const contracts::PickCreate& request,
                                    const core::Id& id)
{
    const auto hold = lock_hold(transaction, request.hold_id);
    const auto pick = list_for(hold, request, id);
    for (const auto row : transaction.exec(sql::find_living_pick, hold.id))
        throw Error(ErrorCode::conflict,
                    "the hold has a pick list already: " + row.get<core::Id>("id").to_string());
    return {insert(transaction, pick), false, false};
}

PickRepository::Changed complete_pick(Transaction& transaction, const core::Id& id)
{
    // Whose hold it is does not change, and the hold comes first.
    auto hold = lock_hold(transaction, one_pick(transaction, sql::get_pick, id).hold_id);
    const auto pick = one_pick(transaction, sql::lock_pick, id);
    if (!is_to_complete(pick, hold)) return {pick, false, false};
    settle_missing(transaction, pick, hold);
    const bool is_promised = promise(transaction, pick, hold);
    return {save(transaction, pick, PickState::completed), false, is_promised};
}

PickRepository::Changed cancel_pick(Transaction& transaction, const core::Id& id)
{
    const auto pick = one_pick(transaction, sql::lock_pick, id);
    if (pick.state == PickState::cancelled) return {pick, false, false};
    return {save(transaction, pick, PickState::cancelled), false, false};
}

}  // namespace

Error no_such_pick(const core::Id& id)
{
    return Error(ErrorCode::not_found, "there is no pick list " + id.to_string());
}

PickRepository::PickRepository(storage::Pool& pool) : pool_(pool), reads_(pool, sql::get_picks, picks_of)
{
}

core::Task<PickRepository::Changed> PickRepository::create(telemetry::Context context,
                                                           contracts::PickCreate request, Key key)
{
    auto body = [request = std::move(request), key = std::move(key),
                 id = core::Id::generate()](Transaction& transaction) {
        if (const auto known = storage::claim_idempotency_key(transaction, key, id))
            return Changed{one_pick(transaction, sql::get_pick, *known), true, false};
        return create_pick(transaction, request, id);
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::optional<Pick>> PickRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.get(std::move(context), id);
}

core::Task<std::vector<Pick>> PickRepository::list(telemetry::Context context, contracts::PickList filter,
                                                   core::Id before, std::int64_t limit)
{
    co_return picks_of(co_await page(std::move(context), filter, before, limit));
}

/// By the query that reads no more than what is asked for.
core::Task<storage::Rows> PickRepository::page(telemetry::Context context, const contracts::PickList& filter,
                                               core::Id before, std::int64_t limit)
{
    std::optional<std::string_view> state;
    if (filter.state) state = contracts::to_string(*filter.state);
    if (filter.order_id)
        return pool_.query(std::move(context), sql::list_picks_of_order, before, limit, *filter.order_id,
                           filter.building_id, state);
    if (filter.building_id)
        return pool_.query(std::move(context), sql::list_picks_of_building, before, limit,
                           storage::array_of(contracts::texts_of(filter.state)), *filter.building_id);
    if (state) return pool_.query(std::move(context), sql::list_picks_in_state, before, limit, *state);
    return pool_.query(std::move(context), sql::list_picks, before, limit);
}

core::Task<Pick> PickRepository::mark(telemetry::Context context, contracts::PickMark request, Key key)
{
    auto body = [request = std::move(request), key = std::move(key)](Transaction& transaction) {
        if (const auto known = storage::claim_idempotency_key(transaction, key, request.id))
            return one_pick(transaction, sql::get_pick, *known);
        const auto present = one_pick(transaction, sql::lock_pick, request.id);
        auto pick = present;
        inventory::mark(pick, request);
        return pick == present ? present : save(transaction, pick, PickState::open);
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<PickRepository::Changed> PickRepository::complete(telemetry::Context context, core::Id id, Key key)
{
    auto body = [id, key = std::move(key)](Transaction& transaction) {
        if (const auto known = storage::claim_idempotency_key(transaction, key, id))
            return Changed{one_pick(transaction, sql::get_pick, *known), true, false};
        return complete_pick(transaction, id);
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<PickRepository::Changed> PickRepository::cancel(telemetry::Context context, core::Id id, Key key)
{
    auto body = [id, key = std::move(key)](Transaction& transaction) {
        if (const auto known = storage::claim_idempotency_key(transaction, key, id))
            return Changed{one_pick(transaction, sql::get_pick, *known), true, false};
        return cancel_pick(transaction, id);
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

}  // namespace lintel::inventory
