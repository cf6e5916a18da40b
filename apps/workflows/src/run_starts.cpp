#include "run_starts.hpp"

#include <unordered_map>
#include <utility>

#include "command_text.hpp"
#include "lintel/core/error.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

using storage::array_of;
using workflow::Run;
using workflow::StepRun;
using workflow::StepState;

storage::BatchOptions batch_options()
{
    storage::BatchOptions options;
    options.name = "start_runs";
    options.mode = storage::Mode::single_statement;
    return options;
}

template <typename Text>
std::optional<std::string_view> unless_empty(const Text& text)
{
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

/// A value of a run with the run, and the session that is to have the steps it has claimed.
template <typename Value>
struct Part {
    const NewRun* start;
    const Value* value;
    core::Id session;
};

template <typename Value, typename Field>
storage::Parameter column(const std::vector<Part<Value>>& parts, Field field)
{
    return array_of(parts, [&](const Part<Value>& part) { return std::invoke(field, *part.value); });
}

template <typename Value>
storage::Parameter run_ids(const std::vector<Part<Value>>& parts)
{
    return array_of(parts, [](const Part<Value>& part) { return part.start->run.id; });
}

template <typename Value>
storage::Parameter times(const std::vector<Part<Value>>& parts)
{
    return array_of(parts, [](const Part<Value>& part) { return part.start->run.created_at; });
}

/// Whether the step sleeps until a time that its definition gives. All others are due a while after they
/// begin, by the database's clock, of which created_at is only a guess.
bool has_fixed_end(const Part<StepRun>& part)
{
    const auto* step = workflow::step_at(*part.start->run.definition, part.value->path);
    const auto* sleep = step ? std::get_if<workflow::SleepStep>(&step->kind) : nullptr;
    return sleep && !sleep->duration;
}

std::optional<std::int64_t> due_in(const Part<StepRun>& part)
{
    if (!part.value->due_at || has_fixed_end(part)) return std::nullopt;
    return (*part.value->due_at - part.start->run.created_at).count();
}

std::optional<core::Timestamp> due_at(const Part<StepRun>& part)
{
    return has_fixed_end(part) ? part.value->due_at : std::nullopt;
}

}  // namespace

RunStarts::RunStarts(storage::Pool& pool, const Session& session, const Slots& slots,
                     workflow::RunLimits limits)
    : session_(session), slots_(slots), limits_(limits), batch_(pool, batch_options(), batch_key, insert)
{
}

core::Task<StartResult> RunStarts::submit(telemetry::Context context, NewRun run)
{
    auto item = begun(std::move(run));
    auto result = co_await batch_.submit(std::move(context), item);
    if (result.is_started) {
        result.status = item->start.run.status;
        result.taken.letters = item->letters;
        if (result.taken.kind == RunResult::Kind::applied) result.taken.claims = std::move(item->claims);
        result.taken.leaves_ready |= item->leaves_ready;
        for (const auto& entry : item->effects.history)
            result.taken.told.push_back(entry.type);
        for (const auto& [path, step] : item->start.run.steps)
            if (step.due_at)
                result.taken.next_due = std::min(result.taken.next_due.value_or(*step.due_at), *step.due_at);
    }
    co_return result;
}

/// The run with its first steps, of which this process takes what it has room for.
RunStarts::Shared RunStarts::begun(NewRun run) const
{
    auto item = std::make_shared<Item>();
    item->start = std::move(run);
    item->start.run.is_pending = item->start.limit_key.has_value();
    workflow::begin(item->start.run, {item->start.run.created_at, 0, limits_}, item->effects);
    for (auto& command : item->effects.commands)
        item->letters.push_back({core::Id::generate(), std::move(command)});
    item->session = session_.id();
    claim_first(*item);
    return item;
}

void RunStarts::claim_first(Item& item) const
{
    auto& run = item.start.run;
    for (auto& [path, step] : run.steps) {
        if (step.state != StepState::ready) continue;
        auto slot = item.session.is_nil() ? nullptr : slots_.try_take();
        if (!slot) {
            item.leaves_ready = true;
            return;
        }
        workflow::claim(step, run.created_at);
        item.claims.push_back({run.id, path, step.attempt, item.session, workflow::work_of(run, path),
                               item.start.traceparent, 0, std::move(slot)});
    }
}

/// What starts one run goes one after the other: by the run's key, or else by the request's. Runs of several
/// keys may still have come with one Idempotency-Key, which the statement gives to one of them.
core::Id RunStarts::batch_key(const Shared& item)
{
    const auto& start = item->start;
    if (!start.run.key.empty())
        return core::Id::derive(core::Id(), start.run.definition->name + '\0' + start.run.key);
    return start.request_key.empty() ? start.run.id : core::Id::derive(core::Id(), start.request_key);
}

std::vector<StartResult> RunStarts::insert(storage::Transaction& transaction, std::span<const Shared> items)
{
    std::vector<Part<StepRun>> steps;
    std::vector<Part<workflow::HistoryEntry>> entries;
    std::vector<Part<Letter>> letters;
    std::vector<core::Id> delivered;
    std::vector<bool> was_sent;
    for (const auto& item : items) {
        was_sent.push_back(std::exchange(item->was_sent, true));
        for (const auto& [path, step] : item->start.run.steps)
            steps.push_back({&item->start, &step, item->session});
        for (const auto& entry : item->effects.history)
            entries.push_back({&item->start, &entry, {}});
        for (const auto& letter : item->letters)
            letters.push_back({&item->start, &letter, {}});
        if (item->start.letter) delivered.push_back(*item->start.letter);
    }
    const auto of = [&](auto field) {
        return array_of(items, [&](const Shared& item) { return std::invoke(field, item->start); });
    };
    const auto run = [&](auto field) {
        return array_of(items, [&](const Shared& item) { return std::invoke(field, item->start.run); });
    };
    const auto session = items.front()->session;
    const auto rows = transaction.exec(
        sql::start_runs, run(&Run::id), run([](const Run& r) { return r.definition->name; }),
        run([](const Run& r) { return r.definition->version; }),
        run([](const Run& r) { return unless_empty(r.key); }), run(&Run::name),
        run([](const Run& r) { return workflow::to_string(r.status); }), of(&NewRun::priority),
        of(&NewRun::building_id), of([](const NewRun& n) {
            return n.building_id ? std::optional(n.building_id_is_integer) : std::nullopt;
        }),
        of(&NewRun::owner_user_id), of(&NewRun::owner_org_id), run(&Run::attributes), of(&NewRun::metadata),
        run(&Run::input),
        run([](const Run& r) { return r.parent ? std::optional(r.parent->run) : std::nullopt; }),
        run([](const Run& r) { return r.parent ? std::optional(r.parent->path) : std::nullopt; }),
        of([](const NewRun& n) { return unless_empty(n.traceparent); }), run(&Run::output),
        run([](const Run& r) { return error_text(r.error); }),
        run([](const Run& r) { return workflow::is_final(r.status); }), run(&Run::created_at),
        of([](const NewRun& n) { return unless_empty(n.request_key); }), of(&NewRun::fingerprint),
        of(&NewRun::request_key_expires_at), run_ids(steps), column(steps, &StepRun::path),
        column(steps, [](const StepRun& step) { return workflow::to_string(step.state); }),
        array_of(steps, [](const Part<StepRun>& part) { return part.start->priority; }),
        column(steps, &StepRun::attempt), array_of(steps, due_in), column(steps, &StepRun::output),
        column(steps, [](const StepRun& step) { return error_text(step.error); }),
        column(steps, &StepRun::completed_as), column(steps, &StepRun::child),
        column(steps, &StepRun::changed_at), array_of(steps, &Part<StepRun>::session), run_ids(entries),
        column(entries, &workflow::HistoryEntry::type), column(entries, &workflow::HistoryEntry::step),
        times(entries), column(entries, &workflow::HistoryEntry::data), column(letters, &Letter::id),
        column(letters, [](const Letter& letter) { return recipient(letter.command); }),
        column(letters, [](const Letter& letter) { return to_text(letter.command); }), times(letters),
        run_ids(letters), array_of(delivered), session, of(&NewRun::limit_key), array_of(steps, due_at));

    std::unordered_map<core::Id, StartResult> results;
    // Of those that were not started now.
    std::unordered_map<core::Id, bool> there;
    bool is_live = false;
    for (const auto row : rows) {
        StartResult result;
        is_live = row.get<bool>("is_live");
        result.is_started = row.get<bool>("is_started");
        if (row.get<bool>("is_there")) there.emplace(row.get<core::Id>("id"), row.get<bool>("is_held"));
        result.is_request_known = row.get<bool>("is_request_known");
        result.has_early_signals = row.get<bool>("has_early_signals");
        results.emplace(row.get<core::Id>("id"), std::move(result));
    }
    std::vector<StartResult> in_order;
    for (const auto& item : items) {
        auto& result = results.at(item->start.run.id);
        // Without the lease the steps lie there for anybody.
        bool has_steps = is_live && item->session == session;
        const auto was_there = there.find(item->start.run.id);
        if (was_sent[in_order.size()] && was_there != there.end()) {
            result.is_started = true;
            has_steps = was_there->second && item->session == session;
        }
        if (!has_steps) result.taken.kind = RunResult::Kind::fenced;
        result.taken.leaves_ready = !has_steps && !item->claims.empty();
        in_order.push_back(std::move(result));
    }
    return in_order;
}

}  // namespace lintel::workflows
