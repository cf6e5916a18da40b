#include "building_repository.hpp"

#include <unordered_map>

#include "building_rows.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/failpoint.hpp"
#include "lintel/main/sql/queries.hpp"

namespace lintel::main {
namespace {

using contracts::Building;
using core::Error;
using core::ErrorCode;

constexpr std::string_view kScope = "POST /v1/buildings";

Error unusable_parent(const char* detail)
{
    return Error(ErrorCode::invalid, "the building is not acceptable", {{"/parentId", detail}});
}

/// Requests with one key go one after the other; all others are independent.
core::Id batch_key(const NewBuilding& item)
{
    return item.key.empty() ? item.building.id : core::Id::derive(core::Id(), item.key);
}

std::vector<Building> buildings_of(const storage::Rows& rows)
{
    std::vector<Building> buildings;
    for (const auto row : rows)
        buildings.push_back(building_of(row));
    return buildings;
}

std::optional<Building> lock_building(storage::Transaction& transaction, const core::Id& id)
{
    const auto rows = transaction.exec(sql::lock_building, id);
    return rows.empty() ? std::nullopt : std::optional(building_of(rows[0]));
}

/// A parent must be there, and a building may not belong to itself, neither directly nor by way of others.
void check_parent(storage::Transaction& transaction, const Building& present, const Building& changed)
{
    if (!changed.parent_id || changed.parent_id == present.parent_id) return;
    transaction.exec(sql::lock_family);
    const auto rows = transaction.exec(sql::check_parent, *changed.parent_id, changed.id);
    if (!rows.one().get<bool>("is_building")) throw unusable_parent("is not a building");
    if (rows.one().get<bool>("is_descendant")) throw unusable_parent("belongs to this building itself");
}

storage::BatchOptions insert_options()
{
    storage::BatchOptions options;
    options.name = "insert_buildings";
    options.mode = storage::Mode::single_statement;
    return options;
}

/// The list query whose leading filter narrows most.
const storage::Query& list_query(const contracts::BuildingList& filter)
{
    if (filter.parent_id) return sql::list_buildings_by_parent;
    if (filter.name_prefix) return sql::list_buildings_by_name;
    if (filter.city) return sql::list_buildings_by_city;
    if (filter.category) return sql::list_buildings_by_category;
    return filter.kind ? sql::list_buildings_by_kind : sql::list_buildings;
}

/// Above every text that begins with `prefix`, in the order of bytes: followed by the last code point.
std::optional<std::string> after_prefix(const std::optional<std::string>& prefix)
{
    return prefix ? std::optional(*prefix + "\U0010FFFF") : std::nullopt;
}

}  // namespace

BuildingRepository::BuildingRepository(storage::Pool& pool)
    : pool_(pool),
      inserts_(pool, insert_options(), batch_key, insert_buildings),
      reads_(pool, sql::get_buildings, buildings_of)
{
}

core::Task<Insertion> BuildingRepository::insert(telemetry::Context context, NewBuilding building)
{
    core::failpoint("main.before_commit");
    try {
        co_return co_await inserts_.submit(std::move(context), std::move(building));
    } catch (const storage::DatabaseError& error) {
        if (error.constraint() == "buildings_parent_id_fkey") throw unusable_parent("is not a building");
        throw;
    }
}

core::Task<std::optional<UsedKey>> BuildingRepository::find_key(telemetry::Context context, std::string key)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_idempotency_key, kScope, key);
    if (rows.empty()) co_return std::nullopt;
    co_return UsedKey{rows[0].get<core::Id>("fingerprint"), rows[0].get<core::Id>("resource_id")};
}

core::Task<std::optional<Building>> BuildingRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.get(std::move(context), id);
}

core::Task<std::vector<Building>> BuildingRepository::list(telemetry::Context context,
                                                           contracts::BuildingList filter, core::Id before,
                                                           std::int64_t limit)
{
    std::optional<std::string_view> kind;
    if (filter.kind) kind = contracts::to_string(*filter.kind);
    const auto rows = co_await pool_.query(std::move(context), list_query(filter), before, limit, kind,
                                           filter.category, filter.city, filter.parent_id, filter.name_prefix,
                                           after_prefix(filter.name_prefix));
    co_return buildings_of(rows);
}

core::Task<std::optional<Building>> BuildingRepository::update(telemetry::Context context, core::Id id,
                                                               Change change)
{
    const auto body =
        [id, change = std::move(change)](storage::Transaction& transaction) -> std::optional<Building> {
        const auto present = lock_building(transaction, id);
        if (!present) return std::nullopt;
        auto changed = change(*present);
        if (changed == *present) return changed;
        check_parent(transaction, *present, changed);
        update_building(transaction, changed);
        return changed;
    };
    try {
        co_return co_await pool_.transact(std::move(context), body);
    } catch (const storage::DatabaseError& error) {
        if (error.constraint() == "buildings_parent_id_fkey") throw unusable_parent("is not a building");
        throw;
    }
}

core::Task<bool> BuildingRepository::remove(telemetry::Context context, core::Id id, Check check)
{
    const auto body = [id, check = std::move(check)](storage::Transaction& transaction) {
        const auto present = lock_building(transaction, id);
        if (!present) return false;
        check(*present);
        transaction.exec(sql::delete_building, id, core::now());
        return true;
    };
    co_return co_await pool_.transact(std::move(context), body);
}

}  // namespace lintel::main
