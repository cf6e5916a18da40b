#include "inventory_rows.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::inventory {
namespace {

using storage::Row;

template <typename Value>
Value known(const std::optional<Value>& value)
{
    if (!value) throw core::Error(core::ErrorCode::internal, "a stored kind or state is unknown");
    return *value;
}

template <typename Entity>
void read_common(const Row& row, Entity& entity)
{
    entity.id = row.get<core::Id>("id");
    entity.version = row.get<std::int64_t>("version");
    entity.owner.user_id = row.get<std::optional<std::string>>("owner_user_id");
    entity.owner.org_id = row.get<std::optional<std::string>>("owner_org_id");
    entity.attributes = row.get<std::string>("attributes");
    entity.metadata = row.get<std::string>("metadata");
    entity.created_at = row.get<core::Timestamp>("created_at");
    entity.updated_at = row.get<core::Timestamp>("updated_at");
}

/// What stands in the database was made by us: it has no limits but those it was made with.
template <typename Parse>
auto lines_of(const Row& row, Parse parse)
{
    std::vector<std::invoke_result_t<Parse, const nlohmann::json&>> lines;
    for (const auto& line : nlohmann::json::parse(row.get<std::string_view>("lines")))
        lines.push_back(parse(line));
    return lines;
}

}  // namespace

contracts::Product product_of(const Row& row)
{
    contracts::Product product;
    read_common(row, product);
    product.sku = row.get<std::string>("sku");
    product.name = row.get<std::string>("name");
    product.price = row.get<std::int64_t>("price");
    product.currency = row.get<std::string>("currency");
    product.unit = row.get<std::string>("unit");
    product.category = row.get<std::optional<std::string>>("category");
    product.deleted_at = row.get<std::optional<core::Timestamp>>("deleted_at");
    return product;
}

contracts::StockLevel stock_level_of(const Row& row)
{
    contracts::StockLevel level;
    level.id = row.get<core::Id>("id");
    level.version = row.get<std::int64_t>("version");
    level.sku = row.get<std::string>("sku");
    level.building_id = row.get<core::Id>("building_id");
    level.on_hand = row.get<std::int64_t>("on_hand");
    level.reserved = row.get<std::int64_t>("reserved");
    level.available = level.on_hand - level.reserved;
    level.created_at = row.get<core::Timestamp>("created_at");
    level.updated_at = row.get<core::Timestamp>("updated_at");
    return level;
}

contracts::StockMovement movement_of(const Row& row)
{
    contracts::StockMovement movement;
    movement.id = row.get<core::Id>("id");
    movement.building_id = row.get<core::Id>("building_id");
    movement.sku = row.get<std::string>("sku");
    movement.kind = known(contracts::movement_kind_from_string(row.get<std::string_view>("kind")));
    movement.on_hand_change = row.get<std::int64_t>("on_hand_change");
    movement.reserved_change = row.get<std::int64_t>("reserved_change");
    movement.on_hand = row.get<std::int64_t>("on_hand");
    movement.reserved = row.get<std::int64_t>("reserved");
    movement.available = movement.on_hand - movement.reserved;
    movement.order_id = row.get<std::optional<core::Id>>("order_id");
    movement.hold_id = row.get<std::optional<core::Id>>("hold_id");
    movement.pick_id = row.get<std::optional<core::Id>>("pick_id");
    if (const auto reason = row.get<std::optional<std::string_view>>("reason"))
        movement.reason = known(contracts::adjustment_reason_from_string(*reason));
    movement.note = row.get<std::optional<std::string>>("note");
    movement.created_at = row.get<core::Timestamp>("created_at");
    return movement;
}

contracts::Hold hold_of(const Row& row)
{
    contracts::Hold hold;
    read_common(row, hold);
    hold.order_id = row.get<core::Id>("order_id");
    hold.building_id = row.get<core::Id>("building_id");
    hold.state = known(contracts::hold_state_from_string(row.get<std::string_view>("state")));
    hold.currency = row.get<std::string>("currency");
    hold.lines = lines_of(row, [](const nlohmann::json& line) { return contracts::parse_hold_line(line); });
    hold.total = row.get<std::int64_t>("total");
    hold.expires_at = row.get<core::Timestamp>("expires_at");
    hold.confirmed_at = row.get<std::optional<core::Timestamp>>("confirmed_at");
    hold.ended_at = row.get<std::optional<core::Timestamp>>("ended_at");
    hold.release_reason = row.get<std::optional<std::string>>("release_reason");
    return hold;
}

contracts::Pick pick_of(const Row& row)
{
    contracts::Pick pick;
    read_common(row, pick);
    pick.order_id = row.get<core::Id>("order_id");
    pick.hold_id = row.get<core::Id>("hold_id");
    pick.building_id = row.get<core::Id>("building_id");
    pick.state = known(contracts::pick_state_from_string(row.get<std::string_view>("state")));
    pick.workflow_id = row.get<std::optional<core::Id>>("workflow_id");
    pick.lines = lines_of(row, [](const nlohmann::json& line) { return contracts::parse_pick_line(line); });
    pick.completed_at = row.get<std::optional<core::Timestamp>>("completed_at");
    pick.cancelled_at = row.get<std::optional<core::Timestamp>>("cancelled_at");
    return pick;
}

}  // namespace lintel::inventory
