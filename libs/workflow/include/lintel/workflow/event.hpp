#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lintel/core/id.hpp"
#include "lintel/workflow/run.hpp"

namespace lintel::workflow {

/// What can happen to a run. Those of an attempt are stale unless the step is claimed and the attempt its
/// latest.

struct AttemptSucceeded {
    std::string path;
    std::int64_t attempt = 0;
    /// JSON.
    std::string output;
};
struct AttemptFailed {
    std::string path;
    std::int64_t attempt = 0;
    StepError error;
};
/// The worker died, or was silent past its lease.
struct LeaseLost {
    std::string path;
    std::int64_t attempt = 0;
};
/// The worker is stopping and has not sent anything, or will not wait for the answer.
struct HandedBack {
    std::string path;
    std::int64_t attempt = 0;
    /// False when certainly nothing has been sent, so that there is no outcome to find out about.
    bool was_sent = true;
};
/// Stale when the step has no timer, or one that is not due.
struct TimerFired {
    std::string path;
};
/// Stale when the run holds a signal of this id already. The store refuses ids that were taken before.
struct SignalReceived {
    Signal signal;
};
/// A child ended, or could not be started.
struct ChildEnded {
    std::string path;
    core::Id child;
    /// The child's output; absent when it did not complete.
    std::optional<std::string> output;
    StepError error;
};
/// The limits of the definition leave room for this run. Stale when it has begun.
struct Admit {};
/// Lets what is under way end, undoes what was done.
struct Cancel {
    std::string reason;
};
/// At once; nothing is undone.
struct Terminate {
    std::string reason;
};
/// What is under way may end; nothing new begins until Resume.
struct Pause {};
struct Resume {};
/// Of a failed run that is no child: what failed, was cancelled or was undone is done again; what may have
/// had an effect that nobody saw under the Idempotency-Key it had, everything else, and what depends on that,
/// under a new one. Of dead letters: replays all of them.
struct Retry {};
/// Of a final run that is no child: does `from_step` (its name, or a path) again and all that depends on it,
/// as new effects.
struct Rerun {
    std::string from_step;
};
/// Of a dead letter; with an input, that is sent instead, as a new effect.
struct Replay {
    std::string path;
    std::optional<std::string> input;
};

using Event = std::variant<AttemptSucceeded, AttemptFailed, LeaseLost, HandedBack, TimerFired, SignalReceived,
                           ChildEnded, Admit, Cancel, Terminate, Pause, Resume, Retry, Rerun, Replay>;

/// One line of a run's history.
struct HistoryEntry {
    /// `run.started`, `step.completed`, ...: ARCHITECTURE.md lists them.
    std::string type;
    /// The step's path; empty when it is about the run.
    std::string step;
    /// A JSON object with what there is to say: attempt, error, waits.
    std::string data = "{}";

    bool operator==(const HistoryEntry&) const = default;
};

/// To be done with other runs, in the same transaction or later but surely.
struct StartChild {
    /// The same every time: made from the parent's id, the path and the generation.
    core::Id id;
    Parent parent;
    std::string definition;
    /// 0: the newest.
    std::int64_t version = 0;
    /// JSON.
    std::string input;

    bool operator==(const StartChild&) const = default;
};
struct EndChild {
    core::Id id;
    bool terminates = false;

    bool operator==(const EndChild&) const = default;
};
struct TellParent {
    Parent parent;
    /// Without `attempt`: the parent's step knows the child by its id.
    ChildEnded ended;
};

using Command = std::variant<StartChild, EndChild, TellParent>;

/// What a transition wants done beside the changed run itself.
struct Effects {
    std::vector<HistoryEntry> history;
    std::vector<Command> commands;
    /// Ids of the signals that steps have taken, with the path of the step.
    std::vector<std::pair<std::string, std::string>> taken_signals;
};

}  // namespace lintel::workflow
