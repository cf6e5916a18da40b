#include "worker.hpp"

#include "due_events.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/failpoint.hpp"
#include "lintel/telemetry/log.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

using namespace std::chrono_literals;
using Kind = RunResult::Kind;

constexpr std::size_t kClaimsAtOnce = 128;
constexpr auto kDatabaseDeadline = 5s;
constexpr auto kFirstPause = 50ms;
constexpr auto kLongestPause = 1s;
/// Timers that are further away are left to the poll.
constexpr auto kSoon = 2s;

telemetry::Context start()
{
    return telemetry::Context::start(kDatabaseDeadline);
}

}  // namespace

Worker::Worker(core::Executor& executor, messaging::Client& client, Transitions& transitions,
               Session& session, const Slots& slots, EngineMetrics& metrics, Options options)
    : executor_(executor),
      client_(client),
      transitions_(transitions),
      session_(session),
      slots_(slots),
      metrics_(metrics),
      options_(options)
{
}

void Worker::take(std::vector<RunResult> results)
{
    for (auto& result : results)
        take(std::move(result));
}

void Worker::take(RunResult result)
{
    metrics_.told(result);
    for (auto& claim : result.claims) {
        {
            std::lock_guard lock(mutex_);
            attempts_[{claim.run, claim.path}] = claim.attempt;
        }
        core::spawn(work_on(std::move(claim)));
    }
    if (!result.letters.empty()) deliver_(std::move(result.letters));
    if (result.freed) freed_(*result.freed);
    if (result.next_due) expect_timer(*result.next_due);
    if (!result.leaves_ready) return;
    if (slots_.room() > 0)
        look_for_steps();
    else if (!is_waking_.exchange(true))
        core::spawn(wake_others());
}

core::Task<void> Worker::work_on(Claim claim)
{
    const auto work = work_;
    // Not in the stack of whoever claimed: a run of a thousand quick steps would not return.
    co_await executor_.schedule();
    const auto began = std::chrono::steady_clock::now();
    core::failpoint("workflows.before_attempt");
    const auto event = co_await attempt(client_, options_.attempts, claim);
    core::failpoint("workflows.after_attempt");
    const auto pass = work->try_enter();
    if (!pass) co_return;
    metrics_.attempted(std::chrono::steady_clock::now() - began);
    co_await record(claim, event);
    core::failpoint("workflows.after_outcome");
    {
        std::lock_guard lock(mutex_);
        const auto known = attempts_.find({claim.run, claim.path});
        if (known != attempts_.end() && known->second == claim.attempt) attempts_.erase(known);
    }
    claim.slot.reset();
    spare_room();
}

core::Task<void> Worker::record(const Claim& claim, const workflow::Event& event)
{
    auto pause = std::chrono::milliseconds(kFirstPause);
    // A lease that ran out while nobody noticed may still be renewed, and the outcome recorded; but only
    // once.
    bool was_fenced = false;
    const auto sendings = std::make_shared<Sendings>();
    for (;;) {
        const auto recorded = co_await try_record(claim, event, sendings, pause == kFirstPause);
        if (recorded == Recorded::yes || (recorded == Recorded::fenced && was_fenced)) co_return;
        if (session_.id() != claim.session) co_return;
        was_fenced = recorded == Recorded::fenced;
        co_await executor_.sleep(pause);
        pause = std::min<std::chrono::milliseconds>(pause * 2, kLongestPause);
    }
}

core::Task<Worker::Recorded> Worker::try_record(const Claim& claim, const workflow::Event& event,
                                                std::shared_ptr<Sendings> sendings, bool is_first)
{
    RunEvent done;
    done.run = claim.run;
    done.event = event;
    done.session = claim.session;
    done.streak = claim.streak;
    done.sendings = std::move(sendings);
    try {
        auto result = co_await transitions_.submit(start(), std::move(done));
        const bool is_fenced = result.kind == Kind::fenced;
        // Also of a fenced outcome: under a new lease its transaction has claimed what it found ready.
        take(std::move(result));
        if (!is_fenced) co_return Recorded::yes;
        if (session_.id() == claim.session) co_await session_.renew(start());
        co_return Recorded::fenced;
    } catch (const core::Error& error) {
        const auto level = is_first ? telemetry::LogLevel::warn : telemetry::LogLevel::debug;
        telemetry::log(level, "an outcome could not be recorded yet",
                       {{"workflowId", claim.run.to_string()}, {"step", claim.path}, {"why", error.what()}});
    }
    co_return Recorded::no;
}

/// When room has come free and somebody left steps behind, looks for them; not for each single step.
void Worker::spare_room()
{
    if (slots_.room() < std::max<std::size_t>(1, slots_.limit() / 8)) return;
    if (has_more_.exchange(false)) look_for_steps();
}

void Worker::look_for_steps()
{
    has_more_ = true;
    if (is_claiming_.exchange(true)) return;
    core::spawn(claim_ready());
}

core::Task<void> Worker::claim_ready()
{
    const auto pass = work_->try_enter();
    co_await executor_.schedule();
    try {
        while (has_more_.exchange(false)) {
            const auto room = slots_.room();
            if (room == 0 || session_.id().is_nil()) {
                has_more_ = true;
                break;
            }
            const auto limit = std::min(room, kClaimsAtOnce);
            Transitions::Find find = [limit](storage::Transaction& transaction) {
                return ready_runs(transaction, limit);
            };
            auto results = co_await transitions_.submit_found(start(), std::move(find));
            if (results.size() == limit) has_more_ = true;
            take(std::move(results));
        }
    } catch (const core::Error& error) {
        telemetry::log(telemetry::LogLevel::warn, "could not look for ready steps", {{"why", error.what()}});
    }
    is_claiming_ = false;
}

void Worker::fire_timers()
{
    if (is_firing_.exchange(true)) return;
    core::spawn(fire_due());
}

core::Task<void> Worker::fire_due()
{
    const auto pass = work_->try_enter();
    co_await executor_.schedule();
    try {
        bool is_full = true;
        while (is_full && !work_->is_closed()) {
            Transitions::Find find = [](storage::Transaction& transaction) {
                return due_runs(transaction, kClaimsAtOnce);
            };
            auto results = co_await transitions_.submit_found(start(), std::move(find));
            is_full = results.size() == kClaimsAtOnce;
            take(std::move(results));
        }
    } catch (const core::Error& error) {
        telemetry::log(telemetry::LogLevel::warn, "could not fire timers", {{"why", error.what()}});
    }
    is_firing_ = false;
}

void Worker::expect_timer(core::Timestamp due)
{
    const auto wait = due - session_.now();
    if (wait > kSoon) return;
    std::lock_guard lock(mutex_);
    if (work_->is_closed() || (expected_ && *expected_ <= due)) return;
    timer_.cancel();
    expected_ = due;
    const auto delay = std::max<std::chrono::milliseconds>(wait, 0ms) + 1ms;
    timer_ = executor_.call_at(core::Deadline::after(delay), [this] {
        {
            std::lock_guard inner(mutex_);
            expected_.reset();
        }
        fire_timers();
    });
}

core::Task<void> Worker::wake_others()
{
    const auto pass = work_->try_enter();
    co_await executor_.schedule();
    try {
        client_.publish(start(), "workflows.wake", "{}");
    } catch (const core::Error&) {
        // Without a broker the others poll.
    }
    has_more_ = true;
    co_await executor_.sleep(options_.wake_interval);
    is_waking_ = false;
}

Worker::Attempts Worker::attempts() const
{
    std::lock_guard lock(mutex_);
    return attempts_;
}

core::Task<void> Worker::stop(core::Deadline deadline)
{
    {
        std::lock_guard lock(mutex_);
        timer_.cancel();
    }
    const telemetry::Context context{telemetry::Trace::start(), deadline};
    co_await slots_.drain(executor_, deadline.at_most(options_.hand_back_after));
    for (const auto& [step, number] : attempts()) {
        RunEvent back;
        back.run = step.first;
        back.event = workflow::HandedBack{step.second, number};
        back.session = session_.id();
        try {
            co_await transitions_.submit(context, std::move(back));
        } catch (const core::Error& error) {
            telemetry::log(telemetry::LogLevel::warn, "a step could not be handed back",
                           {{"why", error.what()}});
        }
    }
    try {
        co_await session_.close(context);
        client_.publish(start(), "workflows.wake", "{}");
    } catch (const core::Error& error) {
        telemetry::log(telemetry::LogLevel::warn, "the lease runs out by itself", {{"why", error.what()}});
    }
    co_await work_->drain(executor_, deadline);
}

}  // namespace lintel::workflows
