#pragma once

#include <map>
#include <optional>

#include "lintel/contracts/inventory.hpp"
#include "lintel/contracts/workflows.hpp"

namespace lintel::inventory {

/// What becomes of pick lists, in memory. Whoever calls has locked them, and their hold. What is refused
/// changes nothing.

/// The pick list of a hold: what was taken for it and has not come back. Error{invalid} for another order;
/// Error{conflict} for a hold that is not confirmed, and when there is nothing to pick.
contracts::Pick list_for(const contracts::Hold& hold, const contracts::PickCreate& request, core::Id id);

/// Error{conflict} for a list that is not open, Error{not_found} for a line that it does not have,
/// Error{invalid} for more than is on the list.
void mark(contracts::Pick& pick, const contracts::PickMark& request);

/// Whether there is anything to do: a completed list stays so. Error{conflict} for one that is cancelled or
/// whose hold is not confirmed any more, or with the lines that have not been marked.
bool is_to_complete(const contracts::Pick& pick, const contracts::Hold& hold);

/// What was not on the shelf, by line.
std::map<std::int64_t, std::int64_t> missing(const contracts::Pick& pick);

/// What the workflow of a completed list is told, if it has one. The signal has the list's id: there is one
/// of each.
std::optional<contracts::WorkflowSignal> signal_of(const contracts::Pick& pick, const contracts::Hold& hold);

}  // namespace lintel::inventory
