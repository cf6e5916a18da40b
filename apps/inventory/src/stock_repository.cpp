#include "stock_repository.hpp"

#include "inventory_rows.hpp"
#include "lintel/core/error.hpp"
#include "lintel/inventory/sql/queries.hpp"

namespace lintel::inventory {
namespace {

using contracts::StockAdjusted;
using contracts::StockLevel;
using contracts::StockMovement;
using core::Error;
using core::ErrorCode;
using storage::array_of;
using storage::Transaction;

StockAdjusted adjusted(StockMovement movement, bool is_replay)
{
    StockAdjusted answer;
    static_cast<StockMovement&>(answer) = std::move(movement);
    answer.is_replay = is_replay;
    return answer;
}

Movement movement_for(const contracts::StockAdjustment& request)
{
    Movement what;
    what.place = {request.building_id, request.sku};
    what.kind = request.reason == contracts::AdjustmentReason::initial ? contracts::MovementKind::initial
                                                                       : contracts::MovementKind::adjusted;
    what.on_hand = request.quantity;
    what.at = core::now();
    what.reason = request.reason;
    what.note = request.note;
    return what;
}

StockMovement move(Transaction& transaction, const Movement& what)
{
    const auto& [building, sku] = what.place;
    if (transaction.exec(sql::get_product, sku).empty())
        throw Error(ErrorCode::invalid, "this cannot be stocked",
                    {{"/sku", "there is no product '" + sku + "'"}});
    transaction.exec(sql::insert_stock, building, sku, core::Id::generate());
    auto book = lock_stock(transaction, {what.place}, Patience::waits);
    const auto available = book.available(what.place);
    if (available + what.on_hand < 0)
        throw Error(ErrorCode::conflict, "only " + std::to_string(available) + " of '" + sku +
                                             "' are there that are not reserved");
    auto movement = book.move(what);
    save_stock(transaction, book);
    return movement;
}

const storage::Query& list_query(const contracts::StockLevelList& filter)
{
    if (filter.sku && filter.building_id) return sql::list_stock_of_place;
    if (filter.sku) return sql::list_stock_of_sku;
    return filter.building_id ? sql::list_stock_of_building : sql::list_stock;
}

}  // namespace

StockBook lock_stock(Transaction& transaction, const std::set<StockPlace>& places, Patience patience)
{
    StockBook book;
    if (places.empty()) return book;
    const auto& query = patience == Patience::waits ? sql::lock_stock : sql::lock_free_stock;
    for (const auto row :
         transaction.exec(query, array_of(places, &StockPlace::building), array_of(places, &StockPlace::sku)))
        book.add(stock_level_of(row));
    return book;
}

void save_stock(Transaction& transaction, const StockBook& book)
{
    const auto& moved = book.movements();
    if (moved.empty()) return;
    const auto levels = book.changed();
    transaction.exec(sql::save_stock, array_of(levels, &StockLevel::building_id),
                     array_of(levels, &StockLevel::sku), array_of(levels, &StockLevel::on_hand),
                     array_of(levels, &StockLevel::reserved));
    const auto kind = [](const StockMovement& movement) { return contracts::to_string(movement.kind); };
    const auto reason = [](const StockMovement& movement) {
        return movement.reason ? std::optional(contracts::to_string(*movement.reason)) : std::nullopt;
    };
    transaction.exec(sql::insert_movements, array_of(moved, &StockMovement::id),
                     array_of(moved, &StockMovement::building_id), array_of(moved, &StockMovement::sku),
                     array_of(moved, kind), array_of(moved, &StockMovement::on_hand_change),
                     array_of(moved, &StockMovement::reserved_change),
                     array_of(moved, &StockMovement::on_hand), array_of(moved, &StockMovement::reserved),
                     array_of(moved, &StockMovement::order_id), array_of(moved, &StockMovement::hold_id),
                     array_of(moved, &StockMovement::pick_id), array_of(moved, reason),
                     array_of(moved, &StockMovement::note), array_of(moved, &StockMovement::created_at));
}

StockRepository::StockRepository(storage::Pool& pool) : pool_(pool)
{
}

core::Task<StockAdjusted> StockRepository::adjust(telemetry::Context context,
                                                  contracts::StockAdjustment request,
                                                  std::optional<storage::IdempotencyKey> key)
{
    auto body = [what = movement_for(request), key = std::move(key)](Transaction& transaction) {
        if (const auto known = storage::claim_idempotency_key(transaction, key, what.id))
            return adjusted(movement_of(transaction.exec(sql::get_movement, *known).one()), true);
        return adjusted(move(transaction, what), false);
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::vector<StockLevel>> StockRepository::list(telemetry::Context context,
                                                          contracts::StockLevelList filter, core::Id before,
                                                          std::int64_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), list_query(filter), before, limit, filter.sku,
                                           filter.building_id);
    co_return read_all(rows, stock_level_of);
}

core::Task<std::vector<StockMovement>> StockRepository::movements(telemetry::Context context,
                                                                  contracts::StockMovementList filter,
                                                                  core::Id before, std::int64_t limit)
{
    co_return read_all(co_await page(std::move(context), filter, before, limit), movement_of);
}

/// By the query that reads no more than what is asked for.
core::Task<storage::Rows> StockRepository::page(telemetry::Context context,
                                                const contracts::StockMovementList& filter, core::Id before,
                                                std::int64_t limit)
{
    if (filter.order_id)
        return pool_.query(std::move(context), sql::list_movements_of_order, before, limit, filter.sku,
                           filter.building_id, *filter.order_id);
    if (filter.sku && filter.building_id)
        return pool_.query(std::move(context), sql::list_movements_of_place, before, limit, *filter.sku,
                           *filter.building_id);
    if (filter.sku)
        return pool_.query(std::move(context), sql::list_movements_of_sku, before, limit, *filter.sku);
    if (filter.building_id)
        return pool_.query(std::move(context), sql::list_movements_of_building, before, limit,
                           *filter.building_id);
    return pool_.query(std::move(context), sql::list_movements, before, limit);
}

}  // namespace lintel::inventory
