#pragma once

#include <string>
#include <vector>

#include "transit.hpp"

namespace lintel::workflows {

/// What is to happen to runs, found in tables, up to a limit; all but early_signals() with the locks of the
/// runs. For transit().
std::vector<RunEvent> ready_runs(storage::Transaction& transaction, std::size_t limit);
std::vector<RunEvent> due_runs(storage::Transaction& transaction, std::size_t limit);
std::vector<RunEvent> lost_claims(storage::Transaction& transaction, std::size_t limit);
/// Takes the signals that came before the start of the run that has the key now, in their order.
std::vector<RunEvent> early_signals(storage::Transaction& transaction, const std::string& definition,
                                    const std::string& key);

}  // namespace lintel::workflows
