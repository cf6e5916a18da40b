#include "building_patch.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::main {
namespace {

using contracts::Building;
using contracts::BuildingCreate;

/// What a client may say of a building, as it stands now.
BuildingCreate description_of(const Building& building)
{
    BuildingCreate description;
    description.name = building.name;
    description.kind = building.kind;
    description.category = building.category;
    description.parent_id = building.parent_id;
    description.address = building.address;
    description.location = building.location;
    description.year_built = building.year_built;
    description.floor_area_m2 = building.floor_area_m2;
    description.floors = building.floors;
    description.owner = building.owner;
    description.attributes = building.attributes;
    description.metadata = building.metadata;
    return description;
}

void describe(Building& building, BuildingCreate description)
{
    building.name = std::move(description.name);
    building.kind = description.kind;
    building.category = std::move(description.category);
    building.parent_id = description.parent_id;
    // An address in which nothing is said is none.
    building.address =
        description.address == contracts::Address{} ? std::nullopt : std::move(description.address);
    building.location = description.location;
    building.year_built = description.year_built;
    building.floor_area_m2 = description.floor_area_m2;
    building.floors = description.floors;
    building.owner = std::move(description.owner);
    building.attributes = std::move(description.attributes);
    building.metadata = std::move(description.metadata);
}

}  // namespace

Building new_building(BuildingCreate request)
{
    Building building;
    building.id = core::Id::generate();
    building.version = 1;
    building.created_at = building.updated_at = core::now();
    describe(building, std::move(request));
    return building;
}

Building apply_patch(const Building& present, const nlohmann::json& patch)
{
    if (!patch.is_object())
        throw core::Error(core::ErrorCode::invalid, "a merge patch must be an object",
                          {{"", "must be an object"}});
    const auto before = description_of(present);
    auto document = core::parse_json(contracts::to_json(before));
    document.merge_patch(patch);
    auto after = contracts::parse_building_create(document);
    if (after == before) return present;

    Building changed = present;
    describe(changed, std::move(after));
    ++changed.version;
    changed.updated_at = core::now();
    return changed;
}

}  // namespace lintel::main
