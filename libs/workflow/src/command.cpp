#include "command.hpp"

#include <algorithm>

#include "begin.hpp"
#include "ending.hpp"

namespace lintel::workflow {
namespace {

using core::Error;
using core::ErrorCode;

void check_goes_on(const Run& run)
{
    if (is_final(run.status))
        throw Error{ErrorCode::conflict, "the workflow has ended as " + std::string(to_string(run.status))};
}

nlohmann::json because(const std::string& reason)
{
    return reason.empty() ? nlohmann::json::object() : nlohmann::json{{"reason", reason}};
}

/// Begins what the pause has held up, in the order in which it was; an ending run gives up what it needs no
/// more.
void release(Turn& turn)
{
    turn.run.is_paused = false;
    std::vector<StepRun*> held;
    for (auto& [path, record] : turn.run.steps)
        if (record.state == StepState::held) held.push_back(&record);
    std::ranges::stable_sort(held, {}, &StepRun::changed_at);
    for (auto* record : held) {
        if (turn.run.ending != Ending::none && !must_be_known(turn, *record)) {
            turn.cancel(*record);
        } else {
            begin_step(turn, *turn.step_of(*record), *record);
        }
    }
}

bool waits_for_signal(const Turn& turn, const StepRun& record)
{
    const Step* step = record.state == StepState::waiting ? turn.step_of(record) : nullptr;
    return step != nullptr && std::holds_alternative<SignalStep>(step->kind);
}

/// The step that has waited longest for a signal of this name.
StepRun* find_receiver(Turn& turn, const std::string& name)
{
    StepRun* first = nullptr;
    for (auto& [path, record] : turn.run.steps) {
        if (!waits_for_signal(turn, record) ||
            std::get<SignalStep>(turn.step_of(record)->kind).signal != name)
            continue;
        if (first == nullptr || record.changed_at < first->changed_at) first = &record;
    }
    return first;
}

}  // namespace

bool receive(Turn& turn, const Signal& signal)
{
    auto& run = turn.run;
    check_goes_on(run);
    if (std::ranges::find(run.signals, signal.id, &Signal::id) != run.signals.end()) return false;
    auto* receiver = find_receiver(turn, signal.name);
    if (receiver == nullptr && run.signals.size() >= turn.moment.limits.signals)
        throw Error{ErrorCode::rate_limited, "the workflow has " + std::to_string(run.signals.size()) +
                                                 " signals that no step has taken; that is the limit"};
    run.signals.push_back(signal);
    turn.tell("signal.received", {}, {{"id", signal.id}, {"name", signal.name}});
    if (receiver != nullptr)
        take_signal(turn, std::get<SignalStep>(turn.step_of(*receiver)->kind), *receiver);
    return true;
}

bool admit(Turn& turn)
{
    auto& run = turn.run;
    if (!run.is_pending || run.is_paused || is_final(run.status)) return false;
    run.is_pending = false;
    turn.tell("run.started");
    return true;
}

bool cancel(Turn& turn, const Cancel& wish)
{
    auto& run = turn.run;
    if (run.status == RunStatus::cancelled) return false;
    check_goes_on(run);
    const bool is_ending = run.ending != Ending::none;
    if (is_ending && !run.is_paused) return false;
    if (!is_ending) {
        if (const auto* pivot = find_begun_pivot(turn))
            throw Error{ErrorCode::conflict,
                        "the workflow has come to its step " + pivot->path +
                            ", from which on nothing is undone; it can only go on, or be "
                            "terminated"};
        turn.tell("run.cancelling", {}, because(wish.reason));
        turn.end_as(Ending::cancelled, {"cancelled", wish.reason, {}});
    }
    if (run.is_paused) release(turn);
    return true;
}

bool terminate(Turn& turn, const Terminate& wish)
{
    auto& run = turn.run;
    if (run.status == RunStatus::terminated) return false;
    check_goes_on(run);
    turn.end_children(true);
    for (auto& [path, record] : run.steps)
        if (is_live(record.state)) turn.cancel(record);
    run.error = StepError{"terminated", wish.reason, {}};
    turn.finish(RunStatus::terminated);
    return true;
}

bool pause(Turn& turn)
{
    auto& run = turn.run;
    check_goes_on(run);
    if (run.is_paused) return false;
    run.is_paused = true;
    for (auto& [path, record] : run.steps)
        if (record.state == StepState::ready || record.state == StepState::scheduled ||
            waits_for_signal(turn, record))
            turn.change(record, StepState::held);
    turn.tell("run.paused");
    return true;
}

bool resume(Turn& turn)
{
    check_goes_on(turn.run);
    if (!turn.run.is_paused) return false;
    turn.tell("run.resumed");
    release(turn);
    return true;
}

}  // namespace lintel::workflow
