#pragma once

#include "turn.hpp"

namespace lintel::workflow {

/// How attempts end, timers fire and children come back. False when the event is stale.
bool succeed(Turn& turn, const AttemptSucceeded& event);
bool fail_attempt(Turn& turn, const AttemptFailed& event);
bool lose_lease(Turn& turn, const LeaseLost& event);
bool hand_back(Turn& turn, const HandedBack& event);
bool fire_timer(Turn& turn, const TimerFired& event);
bool end_child(Turn& turn, const ChildEnded& event);

}  // namespace lintel::workflow
