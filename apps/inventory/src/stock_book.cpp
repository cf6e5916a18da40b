#include "stock_book.hpp"

#include "lintel/core/error.hpp"

namespace lintel::inventory {

void StockBook::add(contracts::StockLevel level)
{
    StockPlace place{level.building_id, level.sku};
    levels_.insert_or_assign(std::move(place), std::move(level));
}

std::int64_t StockBook::available(const StockPlace& place) const
{
    const auto found = levels_.find(place);
    return found == levels_.end() ? 0 : found->second.available;
}

const contracts::StockMovement& StockBook::move(Movement what)
{
    const auto found = levels_.find(what.place);
    const auto on_hand = found == levels_.end() ? 0 : found->second.on_hand + what.on_hand;
    const auto reserved = found == levels_.end() ? -1 : found->second.reserved + what.reserved;
    if (reserved < 0 || on_hand < reserved)
        throw core::Error(core::ErrorCode::internal, "stock of '" + what.place.sku +
                                                         "' cannot move so: there would be " +
                                                         std::to_string(on_hand) + " on hand and " +
                                                         std::to_string(reserved) + " reserved");
    auto& level = found->second;
    level.on_hand = on_hand;
    level.reserved = reserved;
    level.available = on_hand - reserved;
    moved_.insert(what.place);

    contracts::StockMovement movement;
    movement.id = what.id;
    movement.building_id = what.place.building;
    movement.sku = std::move(what.place.sku);
    movement.kind = what.kind;
    movement.on_hand_change = what.on_hand;
    movement.reserved_change = what.reserved;
    movement.on_hand = on_hand;
    movement.reserved = reserved;
    movement.available = level.available;
    movement.order_id = what.order;
    movement.hold_id = what.hold;
    movement.pick_id = what.pick;
    movement.reason = what.reason;
    movement.note = std::move(what.note);
    movement.created_at = what.at;
    movements_.push_back(std::move(movement));
    return movements_.back();
}

std::vector<contracts::StockLevel> StockBook::changed() const
{
    std::vector<contracts::StockLevel> all;
    for (const auto& place : moved_)
        all.push_back(levels_.at(place));
    return all;
}

}  // namespace lintel::inventory
