#pragma once

#include <nlohmann/json.hpp>

#include "lintel/workflow/run.hpp"

namespace lintel::workflow::simulation {

/// Everything that two stores must agree on, the same text for the same run. Times are left out: stores have
/// clocks of their own.
nlohmann::json dump(const Run& run);

}  // namespace lintel::workflow::simulation
