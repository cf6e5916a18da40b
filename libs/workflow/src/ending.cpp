#include "ending.hpp"

namespace lintel::workflow {
namespace {

/// Whether the run has to wait for this step before anything is undone; gives it up when not.
bool keeps_waiting(Turn& turn, StepRun& record)
{
    switch (record.state) {
        case StepState::claimed:
            return true;
        case StepState::waiting:
            if (record.child) return true;
            turn.cancel(record);
            return false;
        case StepState::ready:
        case StepState::scheduled:
        case StepState::held:
        case StepState::dead:
            if (must_be_known(turn, record)) return true;
            turn.cancel(record);
            return false;
        case StepState::pending:
        case StepState::completed:
        case StepState::skipped:
        case StepState::failed:
        case StepState::cancelled:
            break;
    }
    return false;
}

/// The last completed step that has a compensation and is not undone yet.
const StepRun* next_to_undo(Turn& turn)
{
    const StepRun* last = nullptr;
    for (const auto& [path, record] : turn.run.steps) {
        if (record.state != StepState::completed || is_undo(path)) continue;
        if (last != nullptr && last->completed_as > record.completed_as) continue;
        const Step* step = turn.step_of(record);
        if (step == nullptr || !step->compensate) continue;
        const StepRun* undo = turn.find(undo_path(path));
        if (undo == nullptr || undo->state != StepState::completed) last = &record;
    }
    return last;
}

}  // namespace

bool must_be_known(const Turn& turn, const StepRun& record)
{
    if (is_undo(record.path)) return true;
    if (!record.is_uncertain) return false;
    const Step* step = turn.step_of(record);
    return step != nullptr && step->compensate.has_value();
}

const StepRun* find_begun_pivot(Turn& turn, std::string_view but)
{
    for (const auto& step : turn.run.definition->steps) {
        if (!step.is_pivot || step.name == but) continue;
        const auto* record = turn.find(step.name);
        if (record == nullptr) continue;
        const bool did_nothing = record->state == StepState::dead && !record->is_uncertain;
        if (record->state == StepState::completed || (is_live(record->state) && !did_nothing)) return record;
    }
    return nullptr;
}

void wind_down(Turn& turn)
{
    bool is_waiting = false;
    for (auto& [path, record] : turn.run.steps)
        if (keeps_waiting(turn, record)) is_waiting = true;
    if (is_waiting) return;
    const StepRun* done = find_begun_pivot(turn) == nullptr ? next_to_undo(turn) : nullptr;
    if (done != nullptr) {
        auto& undo = turn.at(undo_path(done->path));
        take_back(undo, false, turn.moment.now);
        turn.make_ready(undo);
        return;
    }
    turn.finish(turn.run.ending == Ending::failed ? RunStatus::failed : RunStatus::cancelled);
}

}  // namespace lintel::workflow
