#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "document.hpp"

namespace lintel::workflow {

/// #/definitions/NAME, with a name that needs no escaping.
bool is_local_reference(const nlohmann::json& value);

/// Adds a fault for each reference in a well-formed schema that leads nowhere or back to itself, and when the
/// schema is too large once every reference is replaced by what it leads to.
void check_references(const nlohmann::json& schema, const std::string& pointer, Faults& faults);

}  // namespace lintel::workflow
