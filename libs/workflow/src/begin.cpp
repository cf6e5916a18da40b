#include "begin.hpp"

#include <algorithm>

#include "composite.hpp"
#include "lintel/core/json.hpp"
#include "view.hpp"

namespace lintel::workflow {
namespace {

using core::Error;
using core::ErrorCode;

core::Timestamp end_of(Turn& turn, const SleepStep& sleep, const StepRun& record)
{
    if (sleep.duration) return turn.moment.now + *sleep.duration;
    const auto until = View(turn.run, record.path).resolve(sleep.until);
    const auto time =
        until.is_string() ? core::parse_rfc3339(until.get_ref<const std::string&>()) : std::nullopt;
    if (!time)
        throw Error{ErrorCode::invalid,
                    "until is no RFC 3339 time: " + core::dump_json(until).substr(0, 100)};
    return *time;
}

/// What it takes to begin each kind of step. Throws Error{invalid} when a template leads nowhere.
struct Begin {
    Turn& turn;
    const Step& step;
    StepRun& record;

    void work() const
    {
        if (record.due_at && *record.due_at > turn.moment.now) {
            turn.schedule(record, *record.due_at);
        } else {
            turn.make_ready(record);
        }
    }

    void operator()(const RequestStep&) const { work(); }
    void operator()(const EmitStep&) const { work(); }

    void operator()(const SleepStep& sleep) const
    {
        const auto end = record.due_at ? *record.due_at : end_of(turn, sleep, record);
        if (end > turn.moment.now) {
            turn.schedule(record, end);
        } else {
            turn.complete(record, "null");
        }
    }

    void operator()(const SignalStep& signal) const
    {
        if (take_signal(turn, signal, record)) return;
        if (!record.due_at && signal.timeout) record.due_at = turn.moment.now + *signal.timeout;
        turn.change(record, StepState::waiting);
    }

    void operator()(const SwitchStep& choice) const
    {
        begin_switch(turn, choice, record, View(turn.run, record.path).resolve(choice.value));
    }

    void operator()(const ForEachStep& loop) const
    {
        const auto items = View(turn.run, record.path).resolve(loop.items);
        if (!items.is_array()) throw Error{ErrorCode::invalid, "items is no array"};
        if (items.size() > turn.moment.limits.items)
            throw Error{ErrorCode::invalid, std::to_string(items.size()) +
                                                " items are more than the limit of " +
                                                std::to_string(turn.moment.limits.items)};
        begin_for_each(turn, loop, record, items.size());
    }

    void operator()(const ChildStep& child) const
    {
        auto input = core::dump_json(View(turn.run, record.path).resolve(step.input));
        const auto purpose = record.path + "/" + std::to_string(record.generation);
        record.child = core::Id::derive(turn.run.id, purpose);
        turn.change(record, StepState::waiting);
        turn.effects.commands.push_back(StartChild{
            *record.child, {turn.run.id, record.path}, child.definition, child.version, std::move(input)});
    }
};

}  // namespace

void begin_step(Turn& turn, const Step& step, StepRun& record)
{
    if (turn.run.is_paused) {
        turn.change(record, StepState::held);
        return;
    }
    const Begin begin{turn, step, record};
    if (is_undo(record.path)) {
        begin.work();
        return;
    }
    try {
        std::visit(begin, step.kind);
    } catch (const Error& error) {
        turn.fail(record, {std::string(to_string(error.code())), error.what(), {}});
    }
}

bool take_signal(Turn& turn, const SignalStep& step, StepRun& record)
{
    auto& signals = turn.run.signals;
    const auto found = std::ranges::find(signals, step.signal, &Signal::name);
    if (found == signals.end()) return false;
    turn.effects.taken_signals.emplace_back(found->id, record.path);
    const nlohmann::json told{{"signal", found->id}};
    auto payload = std::move(found->payload);
    signals.erase(found);
    turn.complete(record, std::move(payload), told);
    return true;
}

}  // namespace lintel::workflow
