#pragma once

#include <functional>
#include <string>
#include <variant>

#include "lintel/core/time.hpp"
#include "lintel/workflow/event.hpp"
#include "lintel/workflow/run.hpp"

namespace lintel::workflow {

/// Limits on what a run may grow to.
struct RunLimits {
    /// Leases that a step may lose before it is taken for poison and becomes a dead letter.
    std::int64_t lease_losses = 5;
    /// Elements of a forEach.
    std::size_t items = 1000;
    /// Signals that wait to be taken.
    std::size_t signals = 1000;
};

/// What a transition may know of the world.
struct Moment {
    core::Timestamp now;
    /// A number from 0 up to, not including, 1, for jitter.
    double chance = 0;
    RunLimits limits{};
};

enum class Outcome {
    applied,
    /// Came too late or a second time; nothing has changed.
    stale,
};

/// Lets a new run begin: `run` has its id, definition, name, key, input, attributes, parent and created_at,
/// the signals that came before it, and no steps.
/// One that is_pending waits for Admit.
void begin(Run& run, const Moment& moment, Effects& effects);

/// Changes `run` as `event` demands and moves it on as far as it can go without a worker: afterwards every
/// step that could begin has begun. Sets StepRun::is_changed on what it touched.
///
/// What has been asked for before (a second Cancel, Pause, ...) is stale. Throws Error{conflict} when the
/// run's state does not allow what was asked for, Error{not_found} for an unknown step and
/// Error{rate_limited} when too many signals wait; the run is as it was then.
Outcome apply(Run& run, const Event& event, const Moment& moment, Effects& effects);

/// Takes a ready step for a worker: counts the attempt. The step must be ready.
void claim(StepRun& step, core::Timestamp now);

/// What a worker is to do for a claimed step.
struct Work {
    std::string subject;
    /// JSON.
    std::string payload;
    /// The same for every attempt at the same effect: RUN/PATH/GENERATION.
    std::string idempotency_key;
    std::chrono::milliseconds timeout{};
    /// Nobody answers; done once it is sent.
    bool is_event = false;
};

/// The work of the step at `path`, or why it can't be done: a reference that leads nowhere.
std::variant<Work, StepError> work_of(const Run& run, const std::string& path);

/// Whether the same request may have another answer later: false for what the error table calls the caller's
/// fault.
bool is_worth_retrying(std::string_view code) noexcept;

/// Whether the effect may have happened although this was the answer.
bool leaves_outcome_unknown(std::string_view code) noexcept;

/// How long to wait after the `failures`-th failure in a row (from 1).
std::chrono::milliseconds retry_delay(const RetryPolicy& policy, std::int64_t failures,
                                      double chance) noexcept;

}  // namespace lintel::workflow
