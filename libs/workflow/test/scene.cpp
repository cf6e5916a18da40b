#include "scene.hpp"

#include <stdexcept>

namespace lintel::workflow::test {

Scene::Scene(std::shared_ptr<const Definition> definition, std::string input)
{
    run.id = *core::Id::parse("01930000-0000-7000-8000-000000000001");
    run.name = "scene";
    run.definition = std::move(definition);
    run.input = std::move(input);
    moment.now = *core::parse_rfc3339("2026-11-20T08:00:00Z");
    run.created_at = moment.now;
}

void Scene::begin()
{
    workflow::begin(run, moment, effects);
}

Outcome Scene::apply(const Event& event)
{
    return workflow::apply(run, event, moment, effects);
}

void Scene::claim(const std::string& path)
{
    auto& record = run.steps.at(path);
    if (record.state != StepState::ready) throw std::logic_error(path + " is " + state(path));
    workflow::claim(record, moment.now);
}

void Scene::succeed(const std::string& path, const std::string& output)
{
    if (state(path) != "claimed") claim(path);
    if (apply(AttemptSucceeded{path, step(path).attempt, output}) != Outcome::applied)
        throw std::logic_error("stale");
}

void Scene::fail(const std::string& path, const std::string& code)
{
    if (state(path) != "claimed") claim(path);
    if (apply(AttemptFailed{path, step(path).attempt, {code, "said so", {}}}) != Outcome::applied)
        throw std::logic_error("stale");
}

void Scene::lose(const std::string& path)
{
    if (state(path) != "claimed") claim(path);
    if (apply(LeaseLost{path, step(path).attempt}) != Outcome::applied) throw std::logic_error("stale");
}

Outcome Scene::signal(const std::string& id, const std::string& name, const std::string& payload)
{
    return apply(SignalReceived{{id, name, payload}});
}

const StepRun& Scene::step(const std::string& path) const
{
    return run.steps.at(path);
}

std::string Scene::state(const std::string& path) const
{
    const auto found = run.steps.find(path);
    return found == run.steps.end() ? "absent" : std::string(to_string(found->second.state));
}

std::vector<std::string> Scene::history() const
{
    std::vector<std::string> types;
    for (const auto& entry : effects.history)
        types.push_back(entry.type);
    return types;
}

}  // namespace lintel::workflow::test
