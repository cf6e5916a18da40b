#pragma once

#include "turn.hpp"

namespace lintel::workflow {

/// What is asked of a run as a whole. False when that has been done before; throws Error{conflict}, before
/// anything is changed, when the run is past it.
bool receive(Turn& turn, const Signal& signal);
/// Lets a pending run begin.
bool admit(Turn& turn);
bool cancel(Turn& turn, const Cancel& wish);
bool terminate(Turn& turn, const Terminate& wish);
bool pause(Turn& turn);
bool resume(Turn& turn);

}  // namespace lintel::workflow
