#include "engine.hpp"

#include "command_text.hpp"
#include "due_events.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/telemetry/log.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

using namespace std::chrono_literals;
using Kind = RunResult::Kind;

constexpr std::size_t kAtOnce = 128;
/// A claim that this process does not know of after so long has been lost on its way here.
constexpr auto kUnknownClaimAge = 10s;
constexpr auto kDeliveryDeadline = 5s;

workflow::ChildEnded not_started(const workflow::StartChild& child, const core::Error& error)
{
    return {child.parent.path,
            child.id,
            std::nullopt,
            {std::string(core::to_string(error.code())), error.what(), child.parent.path}};
}

}  // namespace

Engine::Engine(core::Executor& executor, storage::Pool& pool, messaging::Client& client,
               telemetry::Metrics& metrics, const Options& options)
    : executor_(executor),
      pool_(pool),
      options_(options),
      metrics_(metrics),
      session_(pool, metrics, options.session),
      slots_(options.concurrency),
      transitions_(pool, catalog_, session_, slots_, options.limits),
      starts_(pool, session_, slots_, options.limits),
      worker_(executor, client, transitions_, session_, slots_, metrics_, options.worker),
      admissions_(executor, catalog_, transitions_,
                  [this](std::vector<RunResult> results) { worker_.take(std::move(results)); })
{
    worker_.on_letters([this](std::vector<Letter> letters) { deliver(std::move(letters)); });
    worker_.on_freed([this](const std::string& definition) { admissions_.admit(definition); });
}

core::Task<std::shared_ptr<const workflow::Definition>> Engine::definition(telemetry::Context context,
                                                                           std::string name,
                                                                           std::int64_t version)
{
    const auto now = core::Deadline::Clock::now();
    if (version == 0) {
        std::lock_guard lock(mutex_);
        const auto known = newest_.find(name);
        if (known != newest_.end() && now - known->second.read_at < options_.definition_refresh)
            co_return known->second.definition;
    }
    auto read = [this, name, version](storage::Transaction& transaction) {
        return catalog_.get(transaction, name, version).definition;
    };
    auto definition = co_await pool_.transact(std::move(context), std::move(read));
    if (version == 0) {
        std::lock_guard lock(mutex_);
        newest_[name] = {definition, now};
    }
    co_return definition;
}

core::Task<StartResult> Engine::start(telemetry::Context context, NewRun run)
{
    const auto now = session_.now();
    run.run.created_at = now;
    const auto definition = run.run.definition;
    const auto key = run.run.key;
    run.limit_key = limit_key(run.run);
    const bool is_limited = run.limit_key.has_value();
    auto result = co_await starts_.submit(context, std::move(run));
    result.created_at = now;
    worker_.take(std::exchange(result.taken, {}));
    if (result.is_started && is_limited) admissions_.admit(definition->name);
    if (result.is_started && result.has_early_signals)
        co_await adopt_signals(std::move(context), definition->name, key);
    co_return result;
}

core::Task<RunResult> Engine::submit(telemetry::Context context, RunEvent event)
{
    auto result = co_await transitions_.submit(std::move(context), std::move(event));
    RunResult answer;
    answer.kind = result.kind;
    answer.error = result.error;
    answer.status = result.status;
    worker_.take(std::move(result));
    co_return answer;
}

core::Task<void> Engine::adopt_signals(telemetry::Context context, std::string definition, std::string key)
{
    Transitions::Find find = [definition, key](storage::Transaction& transaction) {
        return early_signals(transaction, definition, key);
    };
    auto results = co_await transitions_.submit_found(std::move(context), std::move(find));
    worker_.take(std::move(results));
}

void Engine::deliver(std::vector<Letter> letters)
{
    for (auto& letter : letters)
        core::spawn(deliver_soon(std::move(letter)));
}

core::Task<void> Engine::deliver_soon(Letter letter)
{
    const auto pass = letters_.try_enter();
    if (!pass) co_return;
    co_await executor_.schedule();
    co_await deliver_one(std::move(letter));
}

core::Task<void> Engine::stop(core::Deadline deadline)
{
    co_await worker_.stop(deadline);
    co_await admissions_.stop(deadline);
    co_await letters_.drain(executor_, deadline);
}

/// What fails here is found again by the poll.
core::Task<bool> Engine::deliver_one(Letter letter)
{
    const auto id = letter.id;
    try {
        co_return co_await carry_out(telemetry::Context::start(kDeliveryDeadline), std::move(letter));
    } catch (const std::exception& error) {
        telemetry::log(telemetry::LogLevel::warn, "a command for another workflow is left to the poll",
                       {{"letterId", id.to_string()}, {"why", error.what()}});
    }
    co_return false;
}

/// False when there is no such run, or not yet.
core::Task<bool> Engine::carry_out(telemetry::Context context, Letter letter)
{
    if (std::holds_alternative<workflow::StartChild>(letter.command))
        co_return co_await start_child(std::move(context), std::move(letter));
    if (const auto* tell_parent = std::get_if<workflow::TellParent>(&letter.command))
        co_return co_await tell(std::move(context), letter.id, *tell_parent);
    const auto& end = std::get<workflow::EndChild>(letter.command);
    RunEvent event;
    event.run = end.id;
    if (end.terminates)
        event.event = workflow::Terminate{"the parent was terminated"};
    else
        event.event = workflow::Cancel{"the parent has ended"};
    event.letter = letter.id;
    const auto result = co_await submit(std::move(context), std::move(event));
    co_return result.kind != Kind::missing;
}

core::Task<bool> Engine::start_child(telemetry::Context context, Letter letter)
{
    const auto child = std::get<workflow::StartChild>(letter.command);
    std::optional<workflow::ChildEnded> refused;
    try {
        NewRun start;
        start.run.definition = co_await definition(context, child.definition, child.version);
        workflow::check_input(*start.run.definition, core::parse_json(child.input));
        start.run.id = child.id;
        start.run.name = child.definition;
        start.run.input = child.input;
        start.run.parent = child.parent;
        start.traceparent = context.trace.traceparent();
        const auto parent = co_await pool_.query(context, sql::find_traceparent, child.parent.run);
        if (!parent.empty()) start.traceparent = parent[0].get<std::string>("traceparent");
        start.letter = letter.id;
        co_await this->start(context, std::move(start));
    } catch (const core::Error& error) {
        if (core::is_retryable(error.code()) || error.code() == core::ErrorCode::deadline_exceeded) throw;
        refused = not_started(child, error);
    }
    if (!refused) co_return true;
    workflow::TellParent told{child.parent, std::move(*refused)};
    const bool is_told = co_await tell(context, letter.id, std::move(told));
    if (is_told) co_return true;
    // Nobody waits for it any more, not even in order to hear that.
    const std::vector<core::Id> done{letter.id};
    co_await pool_.execute(std::move(context), sql::remove_mail, storage::array_of(done));
    co_return true;
}

core::Task<bool> Engine::tell(telemetry::Context context, core::Id letter, workflow::TellParent command)
{
    RunEvent event;
    event.run = command.parent.run;
    event.event = command.ended;
    event.letter = letter;
    const auto result = co_await submit(std::move(context), std::move(event));
    co_return result.kind != Kind::missing;
}

void Engine::on_schedule(NextSchedule next)
{
    std::lock_guard lock(mutex_);
    on_schedule_ = std::move(next);
}

void Engine::tell_of_schedule(core::Timestamp due)
{
    NextSchedule next;
    {
        std::lock_guard lock(mutex_);
        next = on_schedule_;
    }
    if (next) next(due);
}

core::Task<void> Engine::poll(telemetry::Context context)
{
    const auto rows =
        co_await pool_.query(context, sql::look_for_work, session_.id(), options_.retrying_after);
    const auto row = rows.one();
    metrics_.found(row);
    metrics_.working_on(worker_.attempts().size());
    if (row.get<std::int64_t>("ready") > 0) worker_.look_for_steps();
    if (const auto due = row.get<std::optional<core::Timestamp>>("next_due")) worker_.expect_timer(*due);
    if (const auto next = row.get<std::optional<core::Timestamp>>("next_schedule")) tell_of_schedule(*next);
    if (row.get<bool>("has_expired")) co_await judge_others(context);
    if (row.get<bool>("has_lost")) co_await recover(context);
    if (row.get<bool>("has_mail")) co_await deliver_left(context);
    if (row.get<bool>("has_pending")) co_await admit_left(context);
    if (row.get<bool>("has_early_signals")) co_await adopt_left(context);
    const auto own = static_cast<std::size_t>(row.get<std::int64_t>("own_claims"));
    if (own > worker_.attempts().size()) co_await reconcile(context);
}

core::Task<void> Engine::judge_others(telemetry::Context context)
{
    if (!session_.may_judge_others()) co_return;
    const auto rows = co_await pool_.execute(context, sql::expire_sessions, session_.id(),
                                             options_.session.lease.count() / 2);
    for (const auto row : rows)
        telemetry::log(telemetry::LogLevel::warn, "a worker was silent past its lease",
                       {{"sessionId", row.get<std::string_view>("id")},
                        {"replica", row.get<std::string_view>("replica")}});
    if (!rows.empty()) co_await recover(std::move(context));
}

core::Task<void> Engine::recover(telemetry::Context context)
{
    bool is_full = true;
    while (is_full) {
        Transitions::Find find = [](storage::Transaction& transaction) {
            return lost_claims(transaction, kAtOnce);
        };
        auto results = co_await transitions_.submit_found(context, std::move(find));
        is_full = results.size() == kAtOnce;
        worker_.take(std::move(results));
    }
    co_await pool_.execute(std::move(context), sql::forget_sessions);
}

/// A letter stays until it has been carried out, or there is nobody, and nobody to come, for whom it is.
core::Task<void> Engine::deliver_left(telemetry::Context context)
{
    const auto rows = co_await pool_.query(context, sql::find_mail, kAtOnce);
    std::vector<core::Id> left;
    for (const auto row : rows) {
        const auto id = row.get<core::Id>("id");
        Letter letter{id, command_from_text(row.get<std::string_view>("command"))};
        const bool is_done = co_await deliver_one(std::move(letter));
        if (!is_done) left.push_back(id);
    }
    if (left.empty()) co_return;
    co_await pool_.execute(context, sql::remove_undeliverable_mail, storage::array_of(left));
    co_await pool_.execute(std::move(context), sql::postpone_mail, storage::array_of(left));
}

core::Task<void> Engine::reconcile(telemetry::Context context)
{
    const auto session = session_.id();
    const auto rows = co_await pool_.query(context, sql::find_own_claims, session,
                                           std::chrono::milliseconds(kUnknownClaimAge).count());
    const auto known = worker_.attempts();
    for (const auto row : rows) {
        RunEvent back;
        back.run = row.get<core::Id>("run_id");
        workflow::HandedBack what{row.get<std::string>("path"), row.get<std::int64_t>("attempt")};
        if (known.contains({back.run, what.path})) continue;
        back.event = std::move(what);
        back.session = session;
        co_await submit(context, std::move(back));
    }
}

core::Task<void> Engine::admit_left(telemetry::Context context)
{
    const auto rows = co_await pool_.query(std::move(context), sql::list_pending_definitions);
    for (const auto row : rows)
        admissions_.admit(row.get<std::string>("name"));
}

core::Task<void> Engine::adopt_left(telemetry::Context context)
{
    const auto rows = co_await pool_.query(context, sql::find_early_signals, kAtOnce);
    for (const auto row : rows) {
        auto definition = row.get<std::string>("definition");
        auto key = row.get<std::string>("key");
        co_await adopt_signals(context, std::move(definition), std::move(key));
    }
}

}  // namespace lintel::workflows
