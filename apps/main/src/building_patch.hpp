#pragma once

#include <nlohmann/json_fwd.hpp>

#include "lintel/contracts/buildings.hpp"

namespace lintel::main {

/// A building as `request` describes it, of this moment, with an id of its own.
contracts::Building new_building(contracts::BuildingCreate request);

/// `present` changed by a merge patch (RFC 7396), one version on; as it was when the patch changes nothing.
/// Throws core::Error{invalid} when the result is not a building that could be created.
contracts::Building apply_patch(const contracts::Building& present, const nlohmann::json& patch);

}  // namespace lintel::main
