#include "lintel/workflow/transition.hpp"

#include <algorithm>

#include "again.hpp"
#include "attempt.hpp"
#include "command.hpp"
#include "progress.hpp"

namespace lintel::workflow {
namespace {

/// Dispatches to whoever knows about an event. Each returns false for a stale one.
struct Apply {
    Turn& turn;

    bool operator()(const AttemptSucceeded& event) const { return succeed(turn, event); }
    bool operator()(const AttemptFailed& event) const { return fail_attempt(turn, event); }
    bool operator()(const LeaseLost& event) const { return lose_lease(turn, event); }
    bool operator()(const HandedBack& event) const { return hand_back(turn, event); }
    bool operator()(const TimerFired& event) const { return fire_timer(turn, event); }
    bool operator()(const ChildEnded& event) const { return end_child(turn, event); }
    bool operator()(const SignalReceived& event) const { return receive(turn, event.signal); }
    bool operator()(const Admit&) const { return admit(turn); }
    bool operator()(const Cancel& wish) const { return cancel(turn, wish); }
    bool operator()(const Terminate& wish) const { return terminate(turn, wish); }
    bool operator()(const Pause&) const { return pause(turn); }
    bool operator()(const Resume&) const { return resume(turn); }
    bool operator()(const Retry&) const
    {
        retry(turn);
        return true;
    }
    bool operator()(const Rerun& wish) const
    {
        rerun(turn, wish);
        return true;
    }
    bool operator()(const Replay& wish) const
    {
        replay(turn, wish);
        return true;
    }
};

}  // namespace

void begin(Run& run, const Moment& moment, Effects& effects)
{
    Turn turn{run, moment, effects};
    run.status = RunStatus::running;
    turn.tell(run.is_pending ? "run.queued" : "run.started");
    move_on(turn);
}

Outcome apply(Run& run, const Event& event, const Moment& moment, Effects& effects)
{
    Turn turn{run, moment, effects};
    if (!std::visit(Apply{turn}, event)) return Outcome::stale;
    if (!is_final(run.status)) move_on(turn);
    return Outcome::applied;
}

}  // namespace lintel::workflow
