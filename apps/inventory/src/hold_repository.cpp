#include "hold_repository.hpp"

#include "inventory_rows.hpp"
#include "lintel/inventory/sql/queries.hpp"

namespace lintel::inventory {
namespace {

using contracts::Hold;
using storage::array_of;
using storage::Transaction;

std::vector<Hold> holds_of(const storage::Rows& rows)
{
    return read_all(rows, hold_of);
}

const storage::Query& list_query(const contracts::HoldList& filter)
{
    if (filter.order_id) return sql::list_holds_of_order;
    return filter.state ? sql::list_holds_in_state : sql::list_holds;
}

std::string_view state_of(const Hold& hold)
{
    return contracts::to_string(hold.state);
}

std::string lines_of(const Hold& hold)
{
    return lines_text(hold.lines);
}

}  // namespace

std::vector<Hold> lock_holds(Transaction& transaction, std::span<const core::Id> ids, Patience patience)
{
    if (ids.empty()) return {};
    const auto& query = patience == Patience::waits ? sql::lock_holds : sql::lock_free_holds;
    return read_all(transaction.exec(query, array_of(ids)), hold_of);
}

std::vector<Hold> lock_due_holds(Transaction& transaction, const std::optional<core::Id>& after,
                                 std::size_t limit)
{
    return read_all(transaction.exec(sql::lock_due_holds, after, limit), hold_of);
}

void insert_holds(Transaction& transaction, std::span<const Hold> holds)
{
    if (holds.empty()) return;
    const auto user = [](const Hold& hold) { return hold.owner.user_id; };
    const auto org = [](const Hold& hold) { return hold.owner.org_id; };
    transaction.exec(sql::insert_holds, array_of(holds, &Hold::id), array_of(holds, &Hold::version),
                     array_of(holds, &Hold::order_id), array_of(holds, &Hold::building_id),
                     array_of(holds, state_of), array_of(holds, &Hold::currency), array_of(holds, lines_of),
                     array_of(holds, &Hold::total), array_of(holds, &Hold::expires_at), array_of(holds, user),
                     array_of(holds, org), array_of(holds, &Hold::attributes),
                     array_of(holds, &Hold::metadata), array_of(holds, &Hold::created_at));
}

void save_holds(Transaction& transaction, std::span<const Hold> holds)
{
    if (holds.empty()) return;
    transaction.exec(sql::save_holds, array_of(holds, &Hold::id), array_of(holds, &Hold::version),
                     array_of(holds, state_of), array_of(holds, lines_of),
                     array_of(holds, &Hold::confirmed_at), array_of(holds, &Hold::ended_at),
                     array_of(holds, &Hold::release_reason), array_of(holds, &Hold::updated_at));
}

HoldRepository::HoldRepository(storage::Pool& pool) : pool_(pool), reads_(pool, sql::get_holds, holds_of)
{
}

core::Task<std::optional<Hold>> HoldRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.get(std::move(context), id);
}

core::Task<std::vector<Hold>> HoldRepository::list(telemetry::Context context, contracts::HoldList filter,
                                                   core::Id before, std::int64_t limit)
{
    std::optional<std::string_view> state;
    if (filter.state) state = contracts::to_string(*filter.state);
    const auto rows =
        co_await pool_.query(std::move(context), list_query(filter), before, limit, filter.order_id, state);
    co_return read_all(rows, hold_of);
}

core::Task<bool> HoldRepository::has_due(telemetry::Context context)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_due_holds);
    co_return !rows.empty();
}

}  // namespace lintel::inventory
