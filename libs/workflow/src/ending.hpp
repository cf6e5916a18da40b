#pragma once

#include "turn.hpp"

namespace lintel::workflow {

/// Whether the outcome of a step must be found out although the run is ending: it may have had an effect that
/// is to be undone.
bool must_be_known(const Turn& turn, const StepRun& record);

/// Gives up what an ending run needs no more, waits for what is under way, then undoes what was done, last
/// first, and ends the run.
void wind_down(Turn& turn);

}  // namespace lintel::workflow
