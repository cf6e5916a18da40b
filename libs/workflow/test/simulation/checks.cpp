#include "simulation/checks.hpp"

#include <algorithm>
#include <vector>

#include "simulation/reason.hpp"
#include "simulation/violation.hpp"

namespace lintel::workflow::simulation {
namespace {

template <typename Kind>
bool is(const Event* event)
{
    return event != nullptr && std::holds_alternative<Kind>(*event);
}

/// Where a step may go in one event, unless somebody asks for a retry or a rerun.
bool may_become(StepState from, StepState to)
{
    using enum StepState;
    static const std::map<StepState, std::set<StepState>> kWays{
        {pending, {ready, scheduled, waiting, held, completed, skipped, failed, cancelled}},
        {ready, {held, cancelled}},
        {claimed, {ready, held, scheduled, dead, completed, failed, cancelled}},
        {scheduled, {ready, held, completed, cancelled}},
        {waiting, {held, completed, failed, cancelled}},
        {held, {ready, scheduled, waiting, completed, failed, cancelled}},
        {dead, {ready, held, cancelled}},
    };
    const auto ways = kWays.find(from);
    return from == to || (ways != kWays.end() && ways->second.contains(to));
}

const Scope* find_scope(const Scope& scope, std::string_view name)
{
    for (const auto& step : scope) {
        if (step.name == name) return &scope;
        const Scope* inside = nullptr;
        if (const auto* choice = std::get_if<SwitchStep>(&step.kind)) {
            for (const auto& branch : choice->cases)
                if (inside == nullptr) inside = find_scope(branch.steps, name);
            if (inside == nullptr) inside = find_scope(choice->otherwise, name);
        }
        if (const auto* loop = std::get_if<ForEachStep>(&step.kind)) inside = find_scope(loop->steps, name);
        if (inside != nullptr) return inside;
    }
    return nullptr;
}

void check_predecessors(const Run& run, const StepRun& step)
{
    const auto slash = step.path.rfind('/');
    const auto prefix = slash == std::string::npos ? std::string{} : step.path.substr(0, slash + 1);
    const auto name = step.path.substr(prefix.size());
    const auto* scope = find_scope(run.definition->steps, name);
    check(scope != nullptr, "a step that the definition does not have: " + name_of(run, step));
    for (const auto before : std::ranges::find(*scope, name, &Step::name)->after) {
        const auto found = run.steps.find(prefix + (*scope)[before].name);
        check(found != run.steps.end() && is_settled(found->second.state),
              name_of(run, step) + " begins before " + (*scope)[before].name + " is settled");
    }
}

/// A switch that has completed has run the branch it took: steps are skipped in the others only.
void check_branch(const Run& run, const StepRun& step, const SwitchStep& choice)
{
    const bool took_none = step.output == "null";
    const auto& branch = took_none ? choice.otherwise : choice.cases.at(std::stoul(*step.output)).steps;
    const auto slash = step.path.rfind('/');
    for (const auto& inside : branch) {
        const auto path = (slash == std::string::npos ? "" : step.path.substr(0, slash + 1)) + inside.name;
        const auto found = run.steps.find(path);
        check(found != run.steps.end() && found->second.state == StepState::completed,
              name_of(run, step) + " without " + path);
    }
}

void check_concurrency(const Run& run)
{
    std::map<std::string, std::set<std::string>> under_way;
    for (const auto& [path, step] : run.steps) {
        if (!is_live(step.state) || is_undo(path)) continue;
        for (auto end = path.find("]/"); end != std::string::npos; end = path.find("]/", end + 1)) {
            const auto start = path.rfind('[', end);
            under_way[path.substr(0, start)].insert(path.substr(start, end - start));
        }
    }
    for (const auto& [path, elements] : under_way) {
        const auto& loop = std::get<ForEachStep>(step_at(*run.definition, path)->kind);
        check(loop.max_concurrency == 0 || elements.size() <= loop.max_concurrency,
              "too many elements of " + path + " are under way");
    }
}

std::vector<const StepRun*> completed_in_order(const Run& run, bool undo)
{
    std::vector<const StepRun*> steps;
    for (const auto& [path, step] : run.steps) {
        const Step* defined = step_at(*run.definition, path);
        if (step.state == StepState::completed && is_undo(path) == undo && defined != nullptr &&
            defined->compensate)
            steps.push_back(&step);
    }
    std::ranges::sort(steps, {}, &StepRun::completed_as);
    return steps;
}

bool is_past_pivot(const Run& run, bool or_at_it = false)
{
    return any_step(run, [&](const StepRun& step) {
        const bool is_begun = step.state == StepState::completed || (or_at_it && is_live(step.state));
        return is_begun && !is_undo(step.path) && step_at(*run.definition, step.path)->is_pivot;
    });
}

/// A run that has failed or was cancelled has undone exactly what was completed, no pivot, in reverse.
void check_undone(const Run& run, bool is_one_story)
{
    auto done = completed_in_order(run, false);
    const auto undone = completed_in_order(run, true);
    check(done.size() == undone.size() && !is_past_pivot(run), run.id.to_string() + " is undone wrongly");
    std::ranges::reverse(done);
    for (std::size_t i = 0; i < done.size(); ++i) {
        const auto undo = run.steps.find(undo_path(done[i]->path));
        check(undo != run.steps.end() && undo->second.state == StepState::completed,
              name_of(run, *done[i]) + " is not undone");
        check(!is_one_story || undone[i]->path == undo_path(done[i]->path),
              run.id.to_string() + " has undone in another order than the reverse");
    }
}

void check_waits_for_child(const Run& run, const StepRun& step, const Run* child)
{
    check(child != nullptr && !is_final(child->status), name_of(run, step) + " for a child that has ended");
    check(run.ending == Ending::none || child->ending != Ending::none || is_past_pivot(*child, true),
          name_of(run, step) + " for a child that does not know of the end");
}

}  // namespace

void Checks::follow(const Told& told)
{
    const auto& run = told.after;
    if (told.outcome == Outcome::stale) {
        auto same = told.after;
        for (auto& [path, step] : same.steps)
            step.is_changed = told.before.steps.at(path).is_changed;
        check(same == told.before, "a stale event has changed " + run.id.to_string());
        check(told.effects.history.empty() && told.effects.commands.empty(), "a stale event has effects");
        return;
    }
    if (is<Rerun>(told.event)) rerun_.insert(run.id);
    if (told.event == nullptr)
        for (const auto& signal : told.before.signals)
            expect_signal(run.id, signal);
    for (const auto& [path, after] : run.steps) {
        const auto before = told.before.steps.find(path);
        const StepRun absent{.path = path};
        check_step(told, before == told.before.steps.end() ? absent : before->second, after);
    }
    check(run.steps.size() >= told.before.steps.size(), "steps have vanished");
    if (is<AttemptSucceeded>(told.event)) check_success(told, std::get<AttemptSucceeded>(*told.event));
    take_signals(told);
    check_concurrency(run);
    check_has_reason(run);
    const bool has_ended = is_final(run.status) && !is_final(told.before.status);
    if (has_ended && (run.status == RunStatus::failed || run.status == RunStatus::cancelled))
        check_undone(run, !rerun_.contains(run.id));
    const auto live_undos = std::ranges::count_if(
        run.steps, [](const auto& step) { return is_undo(step.first) && is_live(step.second.state); });
    check(live_undos <= 1, "two compensations at once in " + run.id.to_string());
}

void Checks::check_step(const Told& told, const StepRun& before, const StepRun& after)
{
    const auto& run = told.after;
    if (before == after) return;
    const auto name = name_of(run, after) + " was " + std::string(to_string(before.state));
    check(after.is_changed || before.state == after.state, name + " without being marked");
    check(after.attempt == before.attempt, name + " and its attempts changed");
    check(after.generation >= before.generation, name + " and its generation fell");
    const bool is_again = is<Retry>(told.event) || is<Rerun>(told.event);
    if (!is_again) {
        check(may_become(before.state, after.state), name);
        check(after.generation == before.generation || is<Replay>(told.event),
              name + " and its generation changed");
    }
    if (after.state == StepState::waiting) check_wait(run, after);
    const Step* defined = step_at(*run.definition, after.path);
    const auto* choice = defined == nullptr ? nullptr : std::get_if<SwitchStep>(&defined->kind);
    if (choice != nullptr && after.state == StepState::completed && !is_undo(after.path))
        check_branch(run, after, *choice);
    const bool begins = (before.state == StepState::pending || is_again) && is_live(after.state);
    if (begins && !is_undo(after.path)) check_predecessors(run, after);
    if (begins && is_undo(after.path))
        check(std::ranges::none_of(run.steps,
                                   [](const auto& step) {
                                       return step.second.state == StepState::claimed && !is_undo(step.first);
                                   }),
              name + " while a step is under way");
    if (before.due_at && !is_again && after.state != StepState::cancelled) {
        const bool has_fired = after.state == StepState::ready ||
                               (after.state == StepState::completed && before.state == StepState::scheduled);
        check(!has_fired || *before.due_at <= told.now || before.state == StepState::claimed,
              name + " too early");
    }
}

void Checks::check_success(const Told& told, const AttemptSucceeded& event)
{
    const auto& step = told.after.steps.at(event.path);
    const auto key = told.after.id.to_string() + "/" + event.path + "/" +
                     std::to_string(told.before.steps.at(event.path).generation);
    check(recorded_.insert(key).second, "the outcome of " + key + " is recorded twice");
    const auto effect = service_.effects().find(key);
    check(effect != service_.effects().end() && effect->second.output,
          "the effect of " + key + " never happened");
    const Step& defined = *step_at(*told.after.definition, event.path);
    const bool is_event = std::holds_alternative<EmitStep>(defined.kind) && !is_undo(event.path);
    check(step.output == (is_event ? "null" : effect->second.output),
          "the outcome of " + key + " is another one");
}

void Checks::expect_signal(const core::Id& run, const Signal& signal)
{
    signals_[run].emplace(signal.id, signal);
}

void Checks::take_signals(const Told& told)
{
    for (const auto& [id, path] : told.effects.taken_signals) {
        check(taken_.emplace(told.after.id, id).second, "the signal " + id + " is taken twice");
        const auto& output = told.after.steps.at(path).output;
        check(output == "\"" + id + "\"", "the signal " + id + " is not what " + path + " got");
    }
}

void Checks::check_store(const MemoryStore& store) const
{
    for (const auto& [step, session] : store.claims())
        check(store.runs().at(step.first).steps.at(step.second).state == StepState::claimed,
              "a claim of nothing");
    for (const auto& [id, run] : store.runs())
        for (const auto& [path, step] : run.steps)
            if (step.state == StepState::claimed)
                check(store.claims().contains({id, path}), name_of(run, step) + " by nobody");
}

void Checks::check_at_rest(const MemoryStore& store) const
{
    for (const auto& [id, run] : store.runs()) {
        check_has_reason(run);
        check(!any_step(run, is_under_way), id.to_string() + " does not move");
        for (const auto& [path, step] : run.steps) {
            if (!step.child) continue;
            const auto child = store.runs().find(*step.child);
            if (step.state == StepState::waiting)
                check_waits_for_child(run, step, child == store.runs().end() ? nullptr : &child->second);
            if (step.state == StepState::completed && child != store.runs().end() &&
                child->second.status == RunStatus::completed)
                check(step.output == child->second.output,
                      name_of(run, step) + " has another output than its child");
        }
        if (run.parent && !is_final(run.status)) {
            const auto& parent = store.runs().at(run.parent->run).steps.at(run.parent->path);
            check(parent.state == StepState::waiting && parent.child == id,
                  id.to_string() + " is a child nobody waits for");
        }
    }
    for (const auto& [run, expected] : signals_) {
        const auto found = store.runs().find(run);
        if (found == store.runs().end()) continue;
        for (const auto& [id, signal] : expected) {
            const auto left = std::ranges::count(found->second.signals, id, &Signal::id);
            check(left + (taken_.contains({run, id}) ? 1 : 0) == 1,
                  "the signal " + id + " is lost or doubled");
        }
    }
}

void Checks::check_all_ended(const MemoryStore& store) const
{
    for (const auto& [id, run] : store.runs()) {
        check(is_final(run.status), id.to_string() + " has not ended");
        if (run.status != RunStatus::failed && run.status != RunStatus::cancelled) continue;
        for (const auto& [path, step] : run.steps) {
            const Step* defined = step_at(*run.definition, path);
            if (is_undo(path) || !defined->compensate || rerun_.contains(id)) continue;
            const auto effect =
                service_.effects().find(id.to_string() + "/" + path + "/" + std::to_string(step.generation));
            const bool has_happened = effect != service_.effects().end() && effect->second.output;
            if (has_happened)
                check(step.state == StepState::completed,
                      name_of(run, step) + " has had an effect that is not undone");
        }
    }
    check(!store.has_letters(), "letters are left");
    check(store.claims().empty(), "claims are left");
}

}  // namespace lintel::workflow::simulation
