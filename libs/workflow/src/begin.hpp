#pragma once

#include "turn.hpp"

namespace lintel::workflow {

/// Begins a step that is pending or held. What was due at some time before it was held stays so.
void begin_step(Turn& turn, const Step& step, StepRun& record);

/// Completes `record`, which waits for a signal, with the oldest one of that name that nobody has taken;
/// false when there is none.
bool take_signal(Turn& turn, const SignalStep& step, StepRun& record);

}  // namespace lintel::workflow
