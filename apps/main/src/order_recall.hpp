#pragma once

#include <optional>
#include <string>

#include "lintel/core/id.hpp"
#include "lintel/core/task.hpp"
#include "workers.hpp"

namespace lintel::main {

/// Sees to it that no carrier takes a packed order any more. The deliveries decide, in one transaction,
/// between this and a carrier who comes for it; they tell the order's workflow, too. Asking once more changes
/// nothing.
///
/// Throws core::Error{conflict} when a carrier has, or has had, it, {unavailable} while its parcel is yet to
/// be made up, and what asking the deliveries throws.
core::Task<void> recall(Workers workers, telemetry::Context context, core::Id order,
                        std::optional<std::string> reason);

}  // namespace lintel::main
