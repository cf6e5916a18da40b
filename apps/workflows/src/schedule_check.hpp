#pragma once

#include "definition_catalog.hpp"
#include "lintel/contracts/schedules.hpp"
#include "lintel/core/time.hpp"

namespace lintel::workflows {

/// The next time of a schedule, if everything about it is as it must be: its times,
/// its zone, and what it starts with what. Throws Error{invalid} with every fault.
core::Timestamp check_schedule(storage::Transaction& transaction, DefinitionCatalog& catalog,
                               const contracts::ScheduleCreate& schedule);

}  // namespace lintel::workflows
