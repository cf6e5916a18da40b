#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "attempt.hpp"
#include "engine_metrics.hpp"
#include "lintel/core/executor.hpp"
#include "transitions.hpp"

namespace lintel::workflows {

/// Works on the steps that this process has claimed, and claims more while it has room.
///
/// Every claim is answered for: with an outcome, by handing it back, or, when the lease is lost, by nobody,
/// because somebody else has it then. Thread-safe.
class Worker {
public:
    struct Options {
        AttemptLimits attempts;
        /// How long a stop waits for the answers to what has been sent before it is handed back.
        std::chrono::milliseconds hand_back_after{500};
        /// Wake-ups of other replicas are at least so far apart.
        std::chrono::milliseconds wake_interval{20};
    };

    Worker(core::Executor& executor, messaging::Client& client, Transitions& transitions, Session& session,
           const Slots& slots, EngineMetrics& metrics, Options options);

    /// Goes on with what a transition has brought: its claims, its letters, and what it left ready.
    void take(RunResult result);
    void take(std::vector<RunResult> results);
    /// Claims ready steps while there is room.
    void look_for_steps();
    /// Fires the timers that are due, then looks at the next one.
    void fire_timers();
    /// Fires timers at `due`, by the database's clock, if that is soon; otherwise the poll will.
    void expect_timer(core::Timestamp due);
    /// Carries out commands for other runs.
    using Deliver = std::function<void(std::vector<Letter>)>;
    void on_letters(Deliver deliver) { deliver_ = std::move(deliver); }
    /// Called with a definition whose limits leave more room.
    using Freed = std::function<void(const std::string& definition)>;
    void on_freed(Freed freed) { freed_ = std::move(freed); }

    /// The attempts that this process knows of.
    using Attempts = std::map<std::pair<core::Id, std::string>, std::int64_t>;
    Attempts attempts() const;

    /// Claims nothing any more, waits a little for what is under way, then hands the rest back.
    core::Task<void> stop(core::Deadline deadline);

private:
    core::Task<void> work_on(Claim claim);
    core::Task<void> record(const Claim& claim, const workflow::Event& event);
    enum class Recorded { yes, no, fenced };
    core::Task<Recorded> try_record(const Claim& claim, const workflow::Event& event,
                                    std::shared_ptr<Sendings> sendings, bool is_first);
    core::Task<void> claim_ready();
    core::Task<void> fire_due();
    core::Task<void> wake_others();
    void spare_room();

    core::Executor& executor_;
    messaging::Client& client_;
    Transitions& transitions_;
    Session& session_;
    const Slots& slots_;
    EngineMetrics& metrics_;
    const Options options_;
    Deliver deliver_;
    Freed freed_;
    /// What runs on the executor on behalf of this. An attempt that nobody waits for any more may outlive
    /// this: it finds the gate closed and touches nothing else.
    std::shared_ptr<core::Gate> work_ = std::make_shared<core::Gate>(1U << 20U);

    std::atomic<bool> is_claiming_{false};
    std::atomic<bool> is_firing_{false};
    std::atomic<bool> is_waking_{false};
    /// Somebody left steps while there was no room for them.
    std::atomic<bool> has_more_{false};

    mutable std::mutex mutex_;
    Attempts attempts_;
    std::optional<core::Timestamp> expected_;
    core::TimerHandle timer_;
};

}  // namespace lintel::workflows
