#pragma once

#include "turn.hpp"

namespace lintel::workflow {

/// Whether the outcome of a step must be found out although the run is ending: it may have had an effect that
/// is to be undone.
bool must_be_known(const Turn& turn, const StepRun& record);

/// The step from which on nothing is undone, when the run has come so far; nullptr otherwise. `but`: other
/// than that one. A step of which it is known that it did nothing is not begun.
const StepRun* find_begun_pivot(Turn& turn, std::string_view but = {});

/// Gives up what an ending run needs no more, waits for what is under way, then undoes what was done, last
/// first, and ends the run.
void wind_down(Turn& turn);

}  // namespace lintel::workflow
