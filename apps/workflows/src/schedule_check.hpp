#pragma once

#include "definition_catalog.hpp"
#include "lintel/contracts/schedules.hpp"
#include "lintel/workflow/cron.hpp"

namespace lintel::workflows {

/// The next time of a schedule by the clock of its zone, if everything about it is as it must be: its times,
/// its zone, and what it starts with what. Throws Error{invalid} with every fault.
workflow::CivilTime check_schedule(storage::Transaction& transaction, DefinitionCatalog& catalog,
                                   const contracts::ScheduleCreate& schedule);

}  // namespace lintel::workflows
