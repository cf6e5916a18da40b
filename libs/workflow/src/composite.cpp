#include "composite.hpp"

#include <algorithm>
#include <charconv>

#include "begin.hpp"
#include "view.hpp"

namespace lintel::workflow {
namespace {

std::size_t number_in(std::string_view text)
{
    std::size_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

bool may_begin(Turn& turn, const Scope& scope, const std::string& prefix, const Step& step)
{
    return std::ranges::all_of(step.after, [&](std::size_t index) {
        const auto* before = turn.find(prefix + scope[index].name);
        return before != nullptr && is_settled(before->state);
    });
}

/// Steps of a branch that is not taken, or of an element that there is no more, will not run.
void skip(Turn& turn, const Scope& scope, const std::string& prefix)
{
    for (const auto& step : scope) {
        auto& record = turn.at(prefix + step.name);
        if (record.state == StepState::pending) turn.change(record, StepState::skipped);
    }
}

const Scope& branch_of(const SwitchStep& choice, const StepRun& record)
{
    return *record.output == "null" ? choice.otherwise : choice.cases[number_in(*record.output)].steps;
}

void advance_switch(Turn& turn, const SwitchStep& choice, StepRun& record)
{
    if (advance_scope(turn, branch_of(choice, record), std::string(prefix_of(record.path))))
        turn.complete(record, *record.output);
}

enum class Element { untouched, under_way, settled };

Element element_at(Turn& turn, const Scope& scope, const std::string& prefix)
{
    std::size_t settled = 0;
    for (const auto& step : scope) {
        const auto* record = turn.find(prefix + step.name);
        if (record == nullptr) continue;
        if (is_live(record->state)) return Element::under_way;
        if (is_settled(record->state)) ++settled;
    }
    return settled == scope.size() ? Element::settled : Element::untouched;
}

/// Moves the elements on that are under way, and begins as many others as there is room for; true when all
/// are settled.
bool advance_elements(Turn& turn, const ForEachStep& loop, const std::string& path, std::size_t count)
{
    std::vector<Element> elements(count);
    for (std::size_t i = 0; i < count; ++i)
        elements[i] = element_at(turn, loop.steps, element_prefix(path, i));
    auto under_way = static_cast<std::size_t>(std::ranges::count(elements, Element::under_way));
    const auto advance = [&](std::size_t i) {
        if (advance_scope(turn, loop.steps, element_prefix(path, i))) elements[i] = Element::settled;
    };
    for (std::size_t i = 0; i < count; ++i) {
        if (elements[i] != Element::under_way) continue;
        advance(i);
        if (elements[i] == Element::settled) --under_way;
    }
    const auto room = loop.max_concurrency == 0 ? count : loop.max_concurrency;
    for (std::size_t i = 0; i < count && under_way < room; ++i) {
        if (elements[i] != Element::untouched) continue;
        advance(i);
        if (elements[i] != Element::settled) ++under_way;
    }
    return std::ranges::count(elements, Element::settled) == std::ssize(elements);
}

void advance_for_each(Turn& turn, const ForEachStep& loop, StepRun& record)
{
    const auto count = number_in(*record.output);
    if (!advance_elements(turn, loop, record.path, count)) return;
    std::string output = "[";
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) output += ',';
        output += last_output(turn, loop.steps, element_prefix(record.path, i));
    }
    turn.complete(record, output + ']');
}

}  // namespace

bool advance_scope(Turn& turn, const Scope& scope, const std::string& prefix)
{
    bool is_all_settled = true;
    for (const auto& step : scope) {
        if (turn.run.ending != Ending::none) return false;
        const auto path = prefix + step.name;
        const auto* begun = turn.find(path);
        if ((begun == nullptr || begun->state == StepState::pending) && may_begin(turn, scope, prefix, step))
            begin_step(turn, step, turn.at(path));
        auto* record = turn.find(path);
        if (record != nullptr && record->state == StepState::waiting) {
            if (const auto* choice = std::get_if<SwitchStep>(&step.kind))
                advance_switch(turn, *choice, *record);
            if (const auto* loop = std::get_if<ForEachStep>(&step.kind))
                advance_for_each(turn, *loop, *record);
        }
        is_all_settled = is_all_settled && record != nullptr && is_settled(record->state);
    }
    return is_all_settled && turn.run.ending == Ending::none;
}

std::string last_output(Turn& turn, const Scope& scope, const std::string& prefix)
{
    const auto* record = scope.empty() ? nullptr : turn.find(prefix + scope.back().name);
    return record == nullptr ? "null" : record->output.value_or("null");
}

void begin_switch(Turn& turn, const SwitchStep& choice, StepRun& record, const nlohmann::json& value)
{
    const auto taken = std::ranges::find(choice.cases, value, &SwitchStep::Case::equals);
    record.output =
        taken == choice.cases.end() ? "null" : std::to_string(std::distance(choice.cases.begin(), taken));
    turn.change(record, StepState::waiting);
    const auto prefix = std::string(prefix_of(record.path));
    for (auto it = choice.cases.begin(); it != choice.cases.end(); ++it)
        if (it != taken) skip(turn, it->steps, prefix);
    if (taken != choice.cases.end()) skip(turn, choice.otherwise, prefix);
}

void begin_for_each(Turn& turn, const ForEachStep& loop, StepRun& record, std::size_t count)
{
    record.output = std::to_string(count);
    turn.change(record, StepState::waiting);
    for (const auto index : elements_of(turn.run, record.path))
        if (index >= count) skip(turn, loop.steps, element_prefix(record.path, index));
}

std::string element_prefix(const std::string& path, std::size_t index)
{
    return path + "[" + std::to_string(index) + "]/";
}

std::vector<std::size_t> elements_of(const Run& run, const std::string& path)
{
    std::vector<std::size_t> indexes;
    const auto start = path + "[";
    for (auto it = run.steps.lower_bound(start); it != run.steps.end() && it->first.starts_with(start);
         ++it) {
        const auto index = number_in(std::string_view(it->first).substr(start.size()));
        if (indexes.empty() || indexes.back() != index) indexes.push_back(index);
    }
    return indexes;
}

std::vector<std::pair<const Scope*, std::string>> scopes_within(const Run& run, const Step& step,
                                                                const std::string& path)
{
    std::vector<std::pair<const Scope*, std::string>> scopes;
    if (const auto* choice = std::get_if<SwitchStep>(&step.kind)) {
        const auto prefix = std::string(prefix_of(path));
        for (const auto& branch : choice->cases)
            scopes.emplace_back(&branch.steps, prefix);
        scopes.emplace_back(&choice->otherwise, prefix);
    }
    if (const auto* loop = std::get_if<ForEachStep>(&step.kind))
        for (const auto index : elements_of(run, path))
            scopes.emplace_back(&loop->steps, element_prefix(path, index));
    return scopes;
}

}  // namespace lintel::workflow
