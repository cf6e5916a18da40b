#include "building_rows.hpp"

#include <unordered_map>

#include "lintel/core/error.hpp"
#include "lintel/main/sql/queries.hpp"

namespace lintel::main {
namespace {

using contracts::Address;
using contracts::Building;
using contracts::Location;

/// One field of the address, nothing when there is no address.
template <typename Part>
std::optional<std::string> address_part(const Building& building, Part part)
{
    return building.address ? (*building.address).*part : std::nullopt;
}

template <typename Part>
std::optional<double> location_part(const Building& building, Part part)
{
    return building.location ? std::optional((*building.location).*part) : std::nullopt;
}

std::optional<Address> address_of(const storage::Row& row)
{
    using Text = std::optional<std::string>;
    Address address{row.get<Text>("street"), row.get<Text>("city"), row.get<Text>("region"),
                    row.get<Text>("postal_code"), row.get<Text>("country")};
    if (address == Address{}) return std::nullopt;
    return address;
}

std::optional<Location> location_of(const storage::Row& row)
{
    const auto latitude = row.get<std::optional<double>>("latitude");
    const auto longitude = row.get<std::optional<double>>("longitude");
    if (!latitude || !longitude) return std::nullopt;
    return Location{*latitude, *longitude};
}

/// An array of one field of each new building.
template <typename Field>
storage::Parameter column(std::span<const NewBuilding> items, Field field)
{
    return storage::array_of(items,
                             [&](const NewBuilding& item) { return std::invoke(field, item.building); });
}

/// An array of one field of each intent.
template <typename Field>
storage::Parameter intent_column(std::span<const NewBuilding> items, Field field)
{
    return storage::array_of(items, [&](const NewBuilding& item) { return std::invoke(field, item.intent); });
}

}  // namespace

Building building_of(const storage::Row& row)
{
    Building building;
    building.id = row.get<core::Id>("id");
    building.version = row.get<std::int64_t>("version");
    building.name = row.get<std::string>("name");
    const auto kind = contracts::building_kind_from_string(row.get<std::string_view>("kind"));
    if (!kind) throw core::Error(core::ErrorCode::internal, "a stored building has an unknown kind");
    building.kind = *kind;
    building.category = row.get<std::optional<std::string>>("category");
    building.parent_id = row.get<std::optional<core::Id>>("parent_id");
    building.address = address_of(row);
    building.location = location_of(row);
    building.year_built = row.get<std::optional<std::int64_t>>("year_built");
    building.floor_area_m2 = row.get<std::optional<double>>("floor_area_m2");
    building.floors = row.get<std::optional<std::int64_t>>("floors");
    building.owner.user_id = row.get<std::optional<std::string>>("owner_user_id");
    building.owner.org_id = row.get<std::optional<std::string>>("owner_org_id");
    building.attributes = row.get<std::string>("attributes");
    building.metadata = row.get<std::string>("metadata");
    building.created_at = row.get<core::Timestamp>("created_at");
    building.updated_at = row.get<core::Timestamp>("updated_at");
    building.deleted_at = row.get<std::optional<core::Timestamp>>("deleted_at");
    return building;
}

std::vector<Insertion> insert_buildings(storage::Transaction& transaction, std::span<const NewBuilding> items)
{
    const auto key_of = [](const NewBuilding& item) {
        return item.key.empty() ? std::nullopt : std::optional<std::string_view>(item.key);
    };
    const auto left_out = transaction.exec(
        sql::insert_buildings, column(items, &Building::id), column(items, &Building::name),
        column(items, [](const Building& b) { return contracts::to_string(b.kind); }),
        column(items, &Building::category), column(items, &Building::parent_id),
        column(items, [](const Building& b) { return address_part(b, &Address::street); }),
        column(items, [](const Building& b) { return address_part(b, &Address::city); }),
        column(items, [](const Building& b) { return address_part(b, &Address::region); }),
        column(items, [](const Building& b) { return address_part(b, &Address::postal_code); }),
        column(items, [](const Building& b) { return address_part(b, &Address::country); }),
        column(items, [](const Building& b) { return location_part(b, &Location::latitude); }),
        column(items, [](const Building& b) { return location_part(b, &Location::longitude); }),
        column(items, &Building::year_built), column(items, &Building::floor_area_m2),
        column(items, &Building::floors), column(items, [](const Building& b) { return b.owner.user_id; }),
        column(items, [](const Building& b) { return b.owner.org_id; }), column(items, &Building::attributes),
        column(items, &Building::metadata), column(items, &Building::created_at),
        storage::array_of(items, key_of), storage::array_of(items, &NewBuilding::fingerprint),
        storage::array_of(items, &NewBuilding::key_expires_at), intent_column(items, &storage::NewIntent::id),
        intent_column(items, &storage::NewIntent::subject),
        intent_column(items, &storage::NewIntent::payload),
        intent_column(items, &storage::NewIntent::idempotency_key),
        intent_column(items, &storage::NewIntent::due_at));

    std::unordered_map<core::Id, Insertion> reasons;
    for (const auto row : left_out)
        reasons.emplace(row.get<core::Id>("id"),
                        row.get<bool>("is_orphan") ? Insertion::no_parent : Insertion::key_taken);
    std::vector<Insertion> results;
    for (const auto& item : items) {
        const auto reason = reasons.find(item.building.id);
        results.push_back(reason == reasons.end() ? Insertion::inserted : reason->second);
    }
    return results;
}

void update_building(storage::Transaction& transaction, const Building& building)
{
    const auto text = [&](auto part) { return address_part(building, part); };
    transaction.exec(
        sql::update_building, building.id, building.version, building.name,
        contracts::to_string(building.kind), building.category, building.parent_id, text(&Address::street),
        text(&Address::city), text(&Address::region), text(&Address::postal_code), text(&Address::country),
        location_part(building, &Location::latitude), location_part(building, &Location::longitude),
        building.year_built, building.floor_area_m2, building.floors, building.owner.user_id,
        building.owner.org_id, building.attributes, building.metadata, building.updated_at);
}

}  // namespace lintel::main
