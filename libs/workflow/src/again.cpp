#include "again.hpp"

#include <algorithm>

#include "composite.hpp"

namespace lintel::workflow {
namespace {

using core::Error;
using core::ErrorCode;

bool is_undone(Turn& turn, const std::string& path)
{
    const auto* undo = turn.find(undo_path(path));
    return undo != nullptr && undo->state == StepState::completed;
}

/// A composite that begins again decides again which of its steps are skipped.
void release_skipped(Turn& turn, const Step& step, const std::string& path)
{
    for (const auto& [scope, prefix] : scopes_within(turn.run, step, path))
        for (const auto& inside : *scope) {
            auto* record = turn.find(prefix + inside.name);
            if (record != nullptr && record->state == StepState::skipped)
                turn.change(*record, StepState::pending);
        }
}

/// The step and its compensation as if they had not begun.
void take_back_at(Turn& turn, const Step& step, const std::string& path, bool is_new_effect)
{
    if (auto* undo = turn.find(undo_path(path))) take_back(*undo, true, turn.moment.now);
    if (auto* record = turn.find(path)) take_back(*record, is_new_effect, turn.moment.now);
    release_skipped(turn, step, path);
}

/// Takes back the step at `target`, or with `all` everything, and whatever depends on what is taken back;
/// true when there was any.
bool take_back_from(Turn& turn, const Scope& scope, const std::string& prefix, const std::string& target,
                    bool all)
{
    std::vector<bool> is_taken(scope.size());
    for (std::size_t i = 0; i < scope.size(); ++i) {
        const auto& step = scope[i];
        const auto path = prefix + step.name;
        const bool whole = all || path == target || std::ranges::any_of(step.after, [&](std::size_t before) {
                               return is_taken[before];
                           });
        is_taken[i] = whole;
        for (const auto& [inside, inside_prefix] : scopes_within(turn.run, step, path))
            if (take_back_from(turn, *inside, inside_prefix, target, whole)) is_taken[i] = true;
        if (is_taken[i]) take_back_at(turn, step, path, true);
    }
    return std::ranges::find(is_taken, true) != is_taken.end();
}

/// Whether anything has been taken back, and whether what comes after it may see another output than before.
struct TakenBack {
    bool any = false;
    bool is_renewed = false;
};

TakenBack take_back_unfinished(Turn& turn, const Scope& scope, const std::string& prefix, bool is_renewed);

/// The step and what is inside it. Its effect is a new one when the last one was undone or refused (a peer
/// gives the old answer to an old key), and when its input may be another (a peer refuses another input under
/// an old key).
TakenBack take_back_unfinished_at(Turn& turn, const Step& step, const std::string& path, bool is_renewed)
{
    const auto* record = turn.find(path);
    if (record == nullptr) return {false, is_renewed};
    const bool was_undone = record->state == StepState::completed && is_undone(turn, path);
    const bool was_refused = record->error && !record->is_uncertain;
    TakenBack taken{
        .any = was_undone || record->state == StepState::failed || record->state == StepState::cancelled,
        .is_renewed = is_renewed || was_undone || was_refused};
    for (const auto& [scope, prefix] : scopes_within(turn.run, step, path)) {
        // Undoing a composite as a whole undid what is inside.
        const auto inside = was_undone ? TakenBack{take_back_from(turn, *scope, prefix, {}, true), true}
                                       : take_back_unfinished(turn, *scope, prefix, is_renewed);
        taken.any = taken.any || inside.any;
        taken.is_renewed = taken.is_renewed || inside.is_renewed;
    }
    if (!taken.any) return taken;
    // What somebody has mended stays mended.
    const auto mended = record->input;
    take_back_at(turn, step, path, taken.is_renewed);
    turn.find(path)->input = mended;
    return taken;
}

/// Takes back what never got done, or has been undone, and the composites around it.
TakenBack take_back_unfinished(Turn& turn, const Scope& scope, const std::string& prefix, bool is_renewed)
{
    TakenBack all;
    std::vector<bool> renewed(scope.size());
    for (std::size_t i = 0; i < scope.size(); ++i) {
        const bool sees_new =
            std::ranges::any_of(scope[i].after, [&](std::size_t before) { return renewed[before]; });
        const auto taken =
            take_back_unfinished_at(turn, scope[i], prefix + scope[i].name, is_renewed || sees_new);
        renewed[i] = taken.is_renewed;
        all.any = all.any || taken.any;
        all.is_renewed = all.is_renewed || taken.is_renewed;
    }
    return all;
}

/// What was given up when a run ended would be in the way of its completion.
void take_back_given_up(Turn& turn)
{
    for (auto& [path, record] : turn.run.steps) {
        if (record.state != StepState::failed && record.state != StepState::cancelled) continue;
        take_back(record, record.error && !record.is_uncertain, turn.moment.now);
        if (!is_undo(path)) release_skipped(turn, *turn.step_of(record), path);
    }
}

/// What has told its parent how it ended stays as it is: the parent has gone on from there.
void check_has_no_parent(const Run& run)
{
    if (run.parent)
        throw Error{ErrorCode::conflict, "the workflow is a child; ask for this of its parent " +
                                             run.parent->run.to_string() + " and its step " +
                                             run.parent->path};
}

/// As at its start, it waits for room when its definition has limits.
void reopen(Run& run)
{
    run.is_pending = run.definition->limits.any();
    run.status = RunStatus::running;
    run.ending = Ending::none;
    run.error.reset();
    run.output.reset();
}

void revive(Turn& turn, StepRun& record)
{
    record.failures = 0;
    record.lease_losses = 0;
    record.error.reset();
    turn.make_ready(record);
    turn.tell("step.replayed", record.path);
}

}  // namespace

void retry(Turn& turn)
{
    auto& run = turn.run;
    if (run.status == RunStatus::failed) {
        check_has_no_parent(run);
        reopen(run);
        turn.tell("run.retried");
        take_back_unfinished(turn, run.definition->steps, "", false);
        return;
    }
    bool any = false;
    for (auto& [path, record] : run.steps) {
        if (record.state != StepState::dead) continue;
        revive(turn, record);
        any = true;
    }
    if (!any)
        throw Error{ErrorCode::conflict, "the workflow is " + std::string(to_string(run.status)) +
                                             "; only a failed one, or one with dead letters, can be retried"};
}

void rerun(Turn& turn, const Rerun& wish)
{
    auto& run = turn.run;
    if (!is_final(run.status))
        throw Error{ErrorCode::conflict, "the workflow is " + std::string(to_string(run.status)) +
                                             "; only one that has ended can be rerun"};
    if (is_undo(wish.from_step) || step_at(*run.definition, wish.from_step) == nullptr)
        throw Error{ErrorCode::not_found, "the workflow has no step " + wish.from_step};
    if (!run.steps.contains(wish.from_step))
        throw Error{ErrorCode::conflict,
                    "the step " + wish.from_step +
                        " has not begun (one inside a forEach goes by"
                        " its path, like NAME[0]/STEP); retry the workflow, or rerun an earlier step"};
    check_has_no_parent(run);
    reopen(run);
    turn.tell("run.rerun", {}, {{"fromStep", wish.from_step}});
    take_back_from(turn, run.definition->steps, "", wish.from_step, false);
    take_back_given_up(turn);
}

void replay(Turn& turn, const Replay& wish)
{
    auto* record = turn.find(wish.path);
    if (record == nullptr) throw Error{ErrorCode::not_found, "the workflow has no step " + wish.path};
    if (record->state != StepState::dead)
        throw Error{ErrorCode::conflict, "the step " + wish.path + " is " +
                                             std::string(to_string(record->state)) + ", not a dead letter"};
    if (wish.input) {
        record->input = wish.input;
        record->is_uncertain = false;
        ++record->generation;
    }
    revive(turn, *record);
}

}  // namespace lintel::workflow
