#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "admissions.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/storage/pool.hpp"
#include "run_starts.hpp"
#include "worker.hpp"

namespace lintel::workflows {

/// The engine of one replica: its lease, its share of the work, and what sees to it that nothing is ever left
/// lying. All replicas are alike; what they know of one another is in Postgres. Thread-safe.
class Engine {
public:
    struct Options {
        Session::Options session;
        Worker::Options worker;
        workflow::RunLimits limits;
        /// Steps that this replica works on at once.
        std::size_t concurrency = 256;
        /// How often an idle replica looks for work that no wake-up has told of.
        std::chrono::milliseconds poll_interval{1000};
        /// How long the newest version of a definition may be one that has just been replaced.
        std::chrono::milliseconds definition_refresh{1000};
        /// Failed attempts from which on a step that is tried again is one that operators are told of.
        std::int64_t retrying_after = 10;
    };

    Engine(core::Executor& executor, storage::Pool& pool, messaging::Client& client,
           telemetry::Metrics& metrics, const Options& options);

    /// The definition to start a run with; `version` 0 is the newest. Error{not_found}.
    core::Task<std::shared_ptr<const workflow::Definition>> definition(telemetry::Context context,
                                                                       std::string name,
                                                                       std::int64_t version);
    /// Starts a run; see RunStarts::submit(). `run.created_at` is set here.
    core::Task<StartResult> start(telemetry::Context context, NewRun run);
    /// Something happens to a run.
    core::Task<RunResult> submit(telemetry::Context context, RunEvent event);
    /// Hands the signals that came before the start to the run that has the key now.
    core::Task<void> adopt_signals(telemetry::Context context, std::string definition, std::string key);

    /// Another replica had no room for what it left ready.
    void wake() { worker_.look_for_steps(); }
    /// One round of the net below: to be called every Options::poll_interval.
    core::Task<void> poll(telemetry::Context context);
    /// To be called every Session::Options::renewal.
    core::Task<void> renew(telemetry::Context context) { return session_.renew(std::move(context)); }
    /// `next` is called at each poll while a schedule has something to do, with when it does.
    using NextSchedule = std::function<void(core::Timestamp)>;
    void on_schedule(NextSchedule next);
    /// The database's clock: see Session::now().
    core::Timestamp now() const { return session_.now(); }
    core::Task<void> stop(core::Deadline deadline);
    core::Executor& executor() noexcept { return executor_; }
    /// Attempts under way in this process, also those that nobody waits for any more.
    std::size_t attempts() const { return slots_.taken(); }

private:
    void deliver(std::vector<Letter> letters);
    core::Task<void> deliver_soon(Letter letter);
    /// Whether it has been carried out.
    core::Task<bool> deliver_one(Letter letter);
    core::Task<bool> carry_out(telemetry::Context context, Letter letter);
    core::Task<bool> start_child(telemetry::Context context, Letter letter);
    core::Task<bool> tell(telemetry::Context context, core::Id letter, workflow::TellParent command);
    core::Task<void> deliver_left(telemetry::Context context);
    void tell_of_schedule(core::Timestamp due);
    core::Task<void> judge_others(telemetry::Context context);
    core::Task<void> recover(telemetry::Context context);
    core::Task<void> reconcile(telemetry::Context context);
    core::Task<void> adopt_left(telemetry::Context context);
    core::Task<void> admit_left(telemetry::Context context);

    core::Executor& executor_;
    storage::Pool& pool_;
    const Options options_;
    EngineMetrics metrics_;
    DefinitionCatalog catalog_;
    Session session_;
    Slots slots_;
    /// Letters on their way.
    core::Gate letters_{1U << 20U};
    Transitions transitions_;
    RunStarts starts_;
    Worker worker_;
    Admissions admissions_;

    std::mutex mutex_;
    struct Newest {
        std::shared_ptr<const workflow::Definition> definition;
        core::Deadline::Clock::time_point read_at;
    };
    std::map<std::string, Newest> newest_;
    NextSchedule on_schedule_;
};

}  // namespace lintel::workflows
