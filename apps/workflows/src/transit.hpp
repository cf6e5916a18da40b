#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "lintel/storage/idempotency.hpp"
#include "lintel/workflow/transition.hpp"
#include "slots.hpp"
#include "stored_run.hpp"

namespace lintel::workflows {

/// A step that this process has claimed and is to work on.
struct Claim {
    core::Id run;
    std::string path;
    std::int64_t attempt = 0;
    core::Id session;
    std::variant<workflow::Work, workflow::StepError> work;
    std::string traceparent;
    /// How many steps of the same run this process has gone on with, one after the other.
    int streak = 0;
    Slot slot;
};

/// Who claims what a transition has made ready.
struct Claimant {
    /// Nil: nobody.
    core::Id session;
    const Slots* slots = nullptr;
    /// Longer streaks are left to whoever comes, so that one long run does not hold up those that wait.
    int max_streak = 64;
};

struct TransitRules {
    workflow::RunLimits limits;
    /// For the jitter of retries, see workflow::Moment; nothing: a random one each time.
    std::optional<double> chance{};
    /// Called when the runs are locked, when the events are applied and when all is written, for tests that
    /// interleave transactions.
    enum class Phase { locked, applied, written };
    std::function<void(Phase)> on_phase{};

    void reached(Phase phase) const
    {
        if (on_phase) on_phase(phase);
    }
};

class Sendings;

/// One thing that happens to a run.
struct RunEvent {
    core::Id run;
    /// Nothing: only a look at what is ready.
    std::optional<workflow::Event> event;
    /// Of an attempt's outcome: it counts only while this session lives and holds the step.
    std::optional<core::Id> session;
    /// Letters that this carries out.
    std::optional<core::Id> letter;
    /// Of a signal that was taken in before its run was started: no limit refuses it any more.
    bool is_promised = false;
    int streak = 0;
    /// Only to see what would come of it: nothing is written.
    bool is_trial = false;
    /// Of the request that this is.
    std::optional<storage::IdempotencyKey> request_key{};
    /// Of one that is sent again when the answer to its commit was lost.
    std::shared_ptr<Sendings> sendings{};
};

struct RunResult {
    enum class Kind {
        applied,
        /// Too late, or a second time.
        stale,
        /// The session is not the holder any more, or its lease is over: nothing was written.
        fenced,
        /// The request was carried out before, under its Idempotency-Key.
        replayed,
        /// There is no such run.
        missing,
        /// `error` says why.
        refused,
    };
    Kind kind = Kind::applied;
    std::exception_ptr error;
    workflow::RunStatus status{};
    std::vector<Claim> claims;
    std::vector<Letter> letters;
    /// There are ready steps that nobody has claimed.
    bool leaves_ready = false;
    /// The run's next timer.
    std::optional<core::Timestamp> next_due;
    /// The types of what was added to the history.
    std::vector<std::string> told;
    /// When the status is another than it was.
    struct Change {
        core::Id run;
        std::string definition;
        workflow::RunStatus was{};
        std::string error;
        std::string traceparent;
    };
    std::optional<Change> change;
    /// The definition whose limits leave more room now, or have one more that waits for it.
    std::optional<std::string> freed;
};

/// What an event has come to that may have to be sent again, because nobody knows whether that was committed.
/// Thread-safe.
class Sendings {
public:
    std::shared_ptr<const RunResult> last() const
    {
        const std::lock_guard lock(mutex_);
        return last_;
    }
    void came_to(const RunResult& result)
    {
        auto copy = std::make_shared<const RunResult>(result);
        const std::lock_guard lock(mutex_);
        last_ = std::move(copy);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const RunResult> last_;
};

/// Applies `events`, which may be several of one run, in their order: locks and loads the runs, lets them
/// move on, claims what is ready as far as there is room, and writes everything back. One result for each: of
/// an event that has happened when it was sent before, what it had come to then.
std::vector<RunResult> transit(storage::Transaction& transaction, DefinitionCatalog& catalog,
                               std::span<const RunEvent> events, const Claimant& claimant,
                               const TransitRules& rules);

}  // namespace lintel::workflows
