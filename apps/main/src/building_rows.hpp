#pragma once

#include <span>
#include <vector>

#include "building_repository.hpp"

namespace lintel::main {

/// Reads a row of get_buildings, lock_building or list_buildings.
contracts::Building building_of(const storage::Row& row);

/// Runs insert_buildings.
std::vector<Insertion> insert_buildings(storage::Transaction& transaction,
                                        std::span<const NewBuilding> items);

/// Runs update_building with all that `building` holds.
void update_building(storage::Transaction& transaction, const contracts::Building& building);

}  // namespace lintel::main
