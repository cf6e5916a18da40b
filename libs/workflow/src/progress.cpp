#include "progress.hpp"

#include <algorithm>

#include "composite.hpp"
#include "ending.hpp"
#include "lintel/core/json.hpp"
#include "view.hpp"

namespace lintel::workflow {
namespace {

/// The output of the run as its definition wants it; nothing, and the run ending, when that can't be had.
std::optional<std::string> output_of(Turn& turn)
{
    const auto& definition = *turn.run.definition;
    if (!definition.output) return last_output(turn, definition.steps, "");
    try {
        return core::dump_json(View(turn.run, "").resolve(*definition.output));
    } catch (const core::Error& error) {
        turn.end_as(Ending::failed, invalid(std::string("output: ") + error.what(), ""));
        return std::nullopt;
    }
}

/// Retries are under way, sleeps are not.
bool is_under_way(const StepRun& record)
{
    return record.state == StepState::ready || record.state == StepState::claimed ||
           (record.state == StepState::scheduled && record.failures > 0);
}

RunStatus status_of(const Run& run)
{
    if (run.is_paused) return RunStatus::paused;
    if (run.is_pending && run.ending == Ending::none) return RunStatus::pending;
    if (run.ending != Ending::none) return RunStatus::compensating;
    const bool is_running =
        std::ranges::any_of(run.steps, [](const auto& step) { return is_under_way(step.second); });
    return is_running ? RunStatus::running : RunStatus::waiting;
}

}  // namespace

void move_on(Turn& turn)
{
    auto& run = turn.run;
    if (run.ending == Ending::none && !run.is_pending && advance_scope(turn, run.definition->steps, "")) {
        run.output = output_of(turn);
        if (run.output) turn.finish(RunStatus::completed);
    }
    if (run.ending != Ending::none) wind_down(turn);
    if (!is_final(run.status)) run.status = status_of(run);
}

}  // namespace lintel::workflow
