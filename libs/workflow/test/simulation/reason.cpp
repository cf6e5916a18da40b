#include "simulation/reason.hpp"

#include "simulation/violation.hpp"

namespace lintel::workflow::simulation {
namespace {

/// It lives by the steps inside it.
bool is_composite(const Run& run, const StepRun& step)
{
    const Step* defined = is_undo(step.path) ? nullptr : step_at(*run.definition, step.path);
    return defined != nullptr && (std::holds_alternative<SwitchStep>(defined->kind) ||
                                  std::holds_alternative<ForEachStep>(defined->kind));
}

}  // namespace

std::string name_of(const Run& run, const StepRun& step)
{
    return run.id.to_string() + "/" + step.path + " (" + std::string(to_string(step.state)) + ")";
}

bool is_under_way(const StepRun& step)
{
    return step.state == StepState::ready || step.state == StepState::claimed ||
           (step.state == StepState::scheduled && step.failures > 0);
}

void check_wait(const Run& run, const StepRun& step)
{
    const Step* defined = step_at(*run.definition, step.path);
    check(defined != nullptr && !is_undo(step.path), name_of(run, step) + " for nothing");
    check(step.output.has_value() == is_composite(run, step), name_of(run, step) + " with the wrong output");
    check(step.child.has_value() == std::holds_alternative<ChildStep>(defined->kind),
          name_of(run, step) + " with the wrong child");
}

void check_has_reason(const Run& run)
{
    const auto id = run.id.to_string() + " is " + std::string(to_string(run.status));
    const bool is_ready = any_step(run, is_under_way);
    if (is_final(run.status)) {
        check(!any_step(run, [](const StepRun& step) { return is_live(step.state); }),
              id + " with live steps");
        check(!run.is_paused, id + " and paused");
        check((run.status == RunStatus::completed) == run.output.has_value(), id + " with the wrong output");
        return;
    }
    check((run.status == RunStatus::paused) == run.is_paused, id + " but not by its pause");
    if (run.is_pending && run.ending == Ending::none) {
        check(run.is_paused || run.status == RunStatus::pending, id + " but has not begun");
        check(run.steps.empty(), id + " with steps");
        return;
    }
    check(any_step(run,
                   [&](const StepRun& step) {
                       const bool is_inside = step.state == StepState::waiting && is_composite(run, step);
                       return is_live(step.state) && !is_inside;
                   }),
          id + " and stuck");
    if (run.is_paused) {
        check(!any_step(run,
                        [](const StepRun& step) {
                            return step.state == StepState::ready || step.state == StepState::scheduled;
                        }),
              id + " with steps that are not held");
        return;
    }
    check(!any_step(run, [](const StepRun& step) { return step.state == StepState::held; }),
          id + " with held steps");
    check((run.status == RunStatus::compensating) == (run.ending != Ending::none),
          id + " but not by its ending");
    if (run.status == RunStatus::running) check(is_ready, id + " without anything under way");
    if (run.status == RunStatus::waiting) check(!is_ready, id + " with something under way");
}

}  // namespace lintel::workflow::simulation
