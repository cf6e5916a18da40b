#include "scheduler.hpp"

#include <algorithm>
#include <memory>

#include "lintel/core/completion.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::workflows {
namespace {

using namespace std::chrono_literals;
using contracts::OverlapPolicy;
using core::Error;
using core::ErrorCode;
using telemetry::LogLevel;

constexpr std::size_t kAtOnce = 128;
constexpr auto kDatabaseDeadline = 5s;
/// What is further away is left to the poll.
constexpr auto kSoon = 2s;

constexpr std::string_view kStarted = "started";
constexpr std::string_view kBuffered = "buffered";
constexpr std::string_view kSkipped = "skipped";
constexpr std::string_view kMissed = "missed";
constexpr std::string_view kRefused = "refused";

telemetry::Context begin()
{
    return telemetry::Context::start(kDatabaseDeadline);
}

/// By which the run can be found, and which nobody else gives it.
std::string key_of(const ScheduleStart& start)
{
    return start.schedule + '@' + (start.is_trigger ? start.run.to_string() : core::to_rfc3339(start.tick));
}

bool comes_again(const Error& error)
{
    return core::is_retryable(error.code()) || error.code() == ErrorCode::deadline_exceeded;
}

}  // namespace

/// Starts that are under way together, and who waits for the last.
struct Scheduler::Count {
    Count(core::Executor& executor, std::size_t all) : left(all), done(executor) {}

    std::atomic<std::size_t> left;
    core::Completion<bool> done;
};

Scheduler::Scheduler(core::Executor& executor, Engine& engine, ScheduleRepository& schedules,
                     WorkflowRepository& workflows, telemetry::Metrics& metrics)
    : executor_(executor), engine_(engine), schedules_(schedules), workflows_(workflows)
{
    for (const auto outcome : {kStarted, kBuffered, kSkipped, kMissed, kRefused})
        outcomes_.emplace(
            outcome, metrics.counter("lintel_workflow_schedule_starts_total",
                                     "What became of the times of schedules, and of what they were to start.",
                                     {{"outcome", std::string(outcome)}}));
}

void Scheduler::expect(core::Timestamp due)
{
    const auto wait = due - engine_.now();
    if (wait > kSoon) return;
    std::lock_guard lock(mutex_);
    if (work_.is_closed() || (expected_ && *expected_ <= due)) return;
    timer_.cancel();
    expected_ = due;
    const auto delay = std::max<std::chrono::milliseconds>(wait, 0ms) + 1ms;
    timer_ = executor_.call_at(core::Deadline::after(delay), [this] {
        {
            std::lock_guard inner(mutex_);
            expected_.reset();
        }
        begin_round();
    });
}

void Scheduler::begin_round()
{
    auto pass = work_.try_enter();
    if (!pass || is_running_.exchange(true)) return;
    core::spawn(round(std::move(*pass)));
}

/// What fails here is found again by the poll.
core::Task<void> Scheduler::round(core::Gate::Pass pass)
{
    const auto stay = std::move(pass);
    co_await executor_.schedule();
    try {
        bool is_full = true;
        while (is_full && !work_.is_closed()) {
            const auto taken = co_await take_ticks();
            is_full = taken.size() == kAtOnce;
            std::vector<core::Id> noted;
            for (const auto& tick : taken)
                if (!tick.run.is_nil()) noted.push_back(tick.run);
            auto starts = co_await schedules_.find_starts(begin(), std::move(noted), kAtOnce);
            co_await make_all(std::move(starts));
        }
    } catch (const Error& error) {
        telemetry::log(LogLevel::warn, "could not see to the schedules", {{"why", error.what()}});
    }
    is_running_ = false;
}

core::Task<std::vector<TakenTick>> Scheduler::take_ticks()
{
    auto take = [](storage::Transaction& transaction) { return take_due_ticks(transaction, kAtOnce); };
    auto taken = co_await schedules_.pool().transact(begin(), std::move(take));
    for (const auto& tick : taken)
        tell(tick);
    co_return taken;
}

void Scheduler::tell(const TakenTick& taken)
{
    const auto say = [&](LogLevel level, const std::string& what) {
        telemetry::log(level, what,
                       {{"schedule", taken.schedule},
                        {"tick", core::to_rfc3339(taken.tick)},
                        {"older", taken.older},
                        {"why", taken.why}});
    };
    if (taken.older > 0) {
        outcomes_.at(kMissed).add(static_cast<double>(taken.older));
        say(LogLevel::warn, "older times of a schedule were missed");
    }
    switch (taken.outcome) {
        case TickOutcome::owed:
            return;
        case TickOutcome::buffered:
            outcomes_.at(kBuffered).add();
            return say(LogLevel::info, "a time of a schedule waits for what it started before");
        case TickOutcome::skipped:
            outcomes_.at(kSkipped).add();
            return say(LogLevel::info,
                       "a time of a schedule was skipped; what it started before is under way");
        case TickOutcome::missed:
            outcomes_.at(kMissed).add();
            return say(LogLevel::warn, "a time of a schedule was missed");
        case TickOutcome::refused:
            outcomes_.at(kRefused).add();
            return say(LogLevel::error, "a schedule cannot be read any more");
    }
}

core::Task<void> Scheduler::make_all(std::vector<ScheduleStart> starts)
{
    if (starts.empty()) co_return;
    auto count = std::make_shared<Count>(executor_, starts.size());
    for (auto& start : starts)
        core::spawn(make_counted(std::move(start), count));
    // Each of them ends by its own deadlines.
    co_await count->done.wait(core::Deadline::after(4 * kDatabaseDeadline), "the starts take too long");
}

core::Task<void> Scheduler::make_counted(ScheduleStart start, std::shared_ptr<Count> count)
{
    const auto pass = work_.try_enter();
    try {
        // Of a process that stops, what is left is made by others.
        if (pass) co_await make_one(begin(), std::move(start));
    } catch (const std::exception& error) {
        telemetry::log(LogLevel::warn, "a workflow of a schedule could not be started",
                       {{"why", error.what()}});
    }
    if (--count->left == 0) count->done.set_value(true);
}

core::Task<void> Scheduler::make(telemetry::Context context, core::Id run)
{
    std::vector<core::Id> runs{run};
    auto starts = co_await schedules_.find_starts(context, std::move(runs), kAtOnce);
    const auto own =
        std::find_if(starts.begin(), starts.end(), [&](const auto& start) { return start.run == run; });
    // Somebody else has made it meanwhile.
    if (own == starts.end()) co_return;
    co_await make_one(std::move(context), std::move(*own));
}

core::Task<void> Scheduler::make_one(telemetry::Context context, ScheduleStart start)
{
    if (start.is_too_late && !start.is_started) {
        const bool is_first = co_await schedules_.drop_start(std::move(context), start.run);
        if (is_first) tell({start.schedule, start.tick, TickOutcome::missed, {}, 0, "nobody was there"});
        co_return;
    }
    if (start.other) {
        const bool has_ended = co_await end_other(context, start);
        if (!has_ended) co_return;
    }
    std::optional<Error> refused;
    try {
        if (!start.is_started) co_await start_run(context, start);
    } catch (const Error& error) {
        if (comes_again(error)) throw;
        refused = error;
    }
    if (refused) {
        co_await give_up(std::move(context), start, *refused);
        throw *refused;
    }
    const bool is_first = co_await schedules_.finish_start(std::move(context), start.run);
    if (is_first) outcomes_.at(kStarted).add();
}

/// Whether what was started before has ended now; otherwise the poll sees when it has.
core::Task<bool> Scheduler::end_other(telemetry::Context context, const ScheduleStart& start)
{
    const auto reason = "the schedule '" + start.schedule + "' starts another";
    RunEvent event;
    event.run = *start.other;
    if (start.overlap == OverlapPolicy::terminate_other)
        event.event = workflow::Terminate{reason};
    else
        event.event = workflow::Cancel{reason};
    const auto result = co_await engine_.submit(std::move(context), std::move(event));
    co_return result.kind == RunResult::Kind::applied&& workflow::is_final(result.status);
}

core::Task<void> Scheduler::start_run(telemetry::Context context, const ScheduleStart& start)
{
    NewRun run;
    run.run.definition =
        co_await engine_.definition(context, start.definition, start.definition_version.value_or(0));
    workflow::check_input(*run.run.definition, core::parse_json(start.input));
    run.run.id = start.run;
    run.run.name = start.definition;
    run.run.key = key_of(start);
    run.run.input = start.input;
    run.run.attributes = start.attributes;
    run.owner_user_id = start.owner.user_id;
    run.owner_org_id = start.owner.org_id;
    run.traceparent = context.trace.traceparent();
    const auto key = run.run.key;
    const auto result = co_await engine_.start(context, std::move(run));
    if (result.is_started) co_return;
    // Somebody has made this start before, or has given its key to another run.
    const auto holder = co_await workflows_.find_by_key(std::move(context), start.definition, key);
    if (holder != start.run)
        throw Error(ErrorCode::conflict, "'" + start.definition + "' has a run with the key '" + key + "'");
}

core::Task<void> Scheduler::give_up(telemetry::Context context, const ScheduleStart& start, const Error& why)
{
    const bool is_first = co_await schedules_.drop_start(std::move(context), start.run);
    if (!is_first) co_return;
    outcomes_.at(kRefused).add();
    telemetry::log(LogLevel::warn, "a schedule could not start its workflow",
                   {{"schedule", start.schedule},
                    {"tick", core::to_rfc3339(start.tick)},
                    {"definition", start.definition},
                    {"why", why.what()}});
}

core::Task<void> Scheduler::stop(core::Deadline deadline)
{
    {
        std::lock_guard lock(mutex_);
        work_.close();
        timer_.cancel();
    }
    co_await work_.drain(executor_, deadline);
}

}  // namespace lintel::workflows
