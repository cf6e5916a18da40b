#include "simulation/operator.hpp"

#include "simulation/definitions.hpp"
#include "simulation/violation.hpp"

namespace lintel::workflow::simulation {
namespace {

/// Runs there are at most, children aside.
constexpr std::size_t kKeys = 6;

template <typename Predicate>
std::vector<std::string> paths_of(const Run& run, Predicate predicate)
{
    std::vector<std::string> paths;
    for (const auto& [path, step] : run.steps)
        if (predicate(step)) paths.push_back(path);
    return paths;
}

}  // namespace

std::string Operator::act()
{
    const auto chance = random_.below(100);
    if (chance < 30) return start();
    if (chance < 65) return send_signal();
    return ask();
}

std::string Operator::start()
{
    std::vector<std::string> names;
    for (const auto& [name, definition] : catalog_)
        names.push_back(name);
    const auto key = random_.below(kKeys);
    // The same key is always the same definition: what is started twice is the same run.
    const auto& name = names[key % names.size() * 5 % names.size()];
    const auto id = store_.start({.id = random_.id(),
                                  .definition = name,
                                  .key = std::to_string(key),
                                  .input = make_input(random_),
                                  .parent = {},
                                  .is_pending = random_.percent(20)});
    return "start " + name + " " + std::to_string(key) + ": " + id.to_string();
}

std::string Operator::send_signal()
{
    const auto fresh = "sig-" + std::to_string(random_.percent(70) ? ++last_signal_ : last_signal_);
    const Signal signal{fresh, random_.percent(50) ? "go" : "stop", "\"" + fresh + "\""};
    if (store_.runs().empty() || random_.percent(20)) {
        const auto& name =
            std::next(catalog_.begin(), static_cast<std::ptrdiff_t>(random_.below(catalog_.size())))->first;
        const auto key = std::to_string(random_.below(kKeys));
        try {
            store_.signal(name, key, signal);
        } catch (const core::Error&) {
            return {};
        }
        return "signal " + fresh + " to " + name + " " + key;
    }
    const auto& run = random_run();
    try {
        if (store_.signal(run.id, signal) == Outcome::applied) checks_.expect_signal(run.id, signal);
    } catch (const core::Error&) {
        return {};
    }
    return "signal " + fresh + " to " + run.id.to_string();
}

std::string Operator::repeat_something()
{
    if (store_.runs().empty()) return {};
    const auto& run = random_run();
    const auto all = paths_of(run, [](const StepRun&) { return true; });
    if (all.empty()) return {};
    const auto& path = random_.of(all);
    const auto& step = run.steps.at(path);
    const auto past = step.attempt - 1;
    Event event = TimerFired{path};
    const auto chance = random_.below(5);
    if (chance == 0) event = ChildEnded{path, random_.id(), "1", {}};
    if (chance == 1) event = LeaseLost{path, past};
    if (chance == 2) event = AttemptFailed{path, past, {"no_luck", "late", {}}};
    const bool may_fire = chance > 2 && step.due_at && *step.due_at <= clock_;
    const auto outcome = store_.control(run.id, event);
    check(may_fire || outcome == Outcome::stale, "an event that is out of place was taken by " + path);
    return "an event out of place for " + path + " of " + run.id.to_string();
}

std::string Operator::ask()
{
    if (store_.runs().empty()) return {};
    const auto& run = random_run();
    const auto all = paths_of(run, [](const StepRun&) { return true; });
    const auto dead = paths_of(run, [](const StepRun& step) { return step.state == StepState::dead; });
    const auto chance = random_.below(100);
    Event wish = Resume{};
    std::string name = "resume";
    if (run.is_pending && chance < 70) {
        wish = Admit{}, name = "admit";
    } else if (chance < 12) {
        wish = Cancel{"by chance"}, name = "cancel";
    } else if (chance < 15) {
        wish = Terminate{"by chance"}, name = "terminate";
    } else if (chance < 35) {
        wish = Pause{}, name = "pause";
    } else if (chance < 65) {
        name = "resume";
    } else if (chance < 80) {
        wish = Retry{}, name = "retry";
    } else if (chance < 90 && !all.empty()) {
        const auto& path = random_.of(all);
        wish = Rerun{path}, name = "rerun " + path;
    } else if (!dead.empty()) {
        const auto& path = random_.of(dead);
        const auto input =
            random_.percent(30) ? std::optional<std::string>(R"({"mended":true})") : std::nullopt;
        wish = Replay{path, input}, name = "replay " + path;
    }
    name += " " + run.id.to_string();
    try {
        if (store_.control(run.id, wish) == Outcome::stale) name += " (stale)";
    } catch (const core::Error& error) {
        name += std::string(" (") + error.what() + ")";
    }
    return name;
}

void Operator::release_all()
{
    for (const auto& [id, run] : store_.runs()) {
        if (run.is_paused) store_.control(id, Resume{});
        if (run.is_pending) store_.control(id, Admit{});
    }
}

const Run& Operator::random_run()
{
    return std::next(store_.runs().begin(), static_cast<std::ptrdiff_t>(random_.below(store_.runs().size())))
        ->second;
}

void Operator::mend_all()
{
    for (const auto& [id, run] : store_.runs()) {
        if (run.parent) continue;
        if (run.status == RunStatus::failed) {
            store_.control(id, Retry{});
        } else if (random_.percent(30)) {
            const auto steps = paths_of(run, [](const StepRun& step) { return !is_undo(step.path); });
            if (!steps.empty()) store_.control(id, Rerun{random_.of(steps)});
        }
    }
}

bool Operator::serve_all()
{
    bool any = false;
    for (const auto& [id, run] : store_.runs()) {
        for (const auto& path :
             paths_of(run, [](const StepRun& step) { return step.state == StepState::dead; })) {
            // What came of replaying the first may have given up the others.
            if (run.steps.at(path).state != StepState::dead) continue;
            store_.control(id, Replay{path, R"({"mended":true})"});
            any = true;
        }
        for (const auto& path :
             paths_of(run, [](const StepRun& step) { return step.state == StepState::waiting; })) {
            const auto* step = std::get_if<SignalStep>(&step_at(*run.definition, path)->kind);
            if (step == nullptr || run.steps.at(path).state != StepState::waiting) continue;
            give_signal(run, step->signal);
            any = true;
        }
    }
    return any;
}

void Operator::give_signal(const Run& run, const std::string& name)
{
    const auto id = "late-" + std::to_string(++last_signal_);
    const Signal signal{id, name, "\"" + id + "\""};
    store_.signal(run.id, signal);
    checks_.expect_signal(run.id, signal);
}

}  // namespace lintel::workflow::simulation
