#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lintel/workflow/definition.hpp"

namespace lintel::workflow::test {

/// Definitions written in code, for tests: a step comes after the one before it unless it says otherwise.

inline Step request(std::string name)
{
    Step step;
    step.kind = RequestStep{"test." + name};
    step.name = std::move(name);
    step.input = nlohmann::json::object();
    step.retry.jitter = 0;
    return step;
}

inline Step with(Step step, decltype(Step::kind) kind)
{
    step.kind = std::move(kind);
    return step;
}

inline Step emit(const std::string& name)
{
    return with(request(name), EmitStep{"test." + name});
}

inline Step sleep_for(const std::string& name, std::chrono::milliseconds duration)
{
    return with(request(name), SleepStep{.duration = duration, .until = {}});
}

inline Step wait_for(const std::string& name, const std::string& signal)
{
    return with(request(name), SignalStep{.signal = signal});
}

inline Step child(const std::string& name, const std::string& definition)
{
    return with(request(name), ChildStep{.definition = definition});
}

inline Step undoable(Step step)
{
    step.compensate = Compensation{
        .subject = "undo." + step.name,
        .input = {{"of", {{"$ref", "/steps/" + step.name + "/output"}, {"default", nullptr}}}},
        .timeout = std::chrono::milliseconds{1000},
        .retry = step.retry,
    };
    return step;
}

inline Step pivot(Step step)
{
    step.is_pivot = true;
    return step;
}

inline Step attempts(Step step, std::int64_t count, OnExhausted then = OnExhausted::fail)
{
    step.retry.maximum_attempts = count;
    step.on_exhausted = then;
    return step;
}

/// Each after the one before it.
inline Scope chain(std::vector<Step> steps)
{
    for (std::size_t i = 1; i < steps.size(); ++i)
        steps[i].after = {i - 1};
    return steps;
}

inline std::shared_ptr<Definition> define(Scope steps, std::string name = "test")
{
    auto definition = std::make_shared<Definition>();
    definition->name = std::move(name);
    definition->version = 1;
    definition->steps = std::move(steps);
    return definition;
}

inline nlohmann::json ref(const std::string& pointer)
{
    return {{"$ref", pointer}};
}

}  // namespace lintel::workflow::test
