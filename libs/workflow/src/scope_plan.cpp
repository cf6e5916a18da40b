#include "scope_plan.hpp"

#include <algorithm>
#include <functional>
#include <queue>

namespace lintel::workflow {
namespace {

using nlohmann::json;

const json* member(const json& value, const char* key)
{
    if (!value.is_object()) return nullptr;
    const auto found = value.find(key);
    return found == value.end() ? nullptr : &*found;
}

const std::string* name_of(const json& step)
{
    const auto* name = member(step, "name");
    return name ? name->get_ptr<const std::string*>() : nullptr;
}

/// The lists of steps below a step.
void for_each_list(const json& step, bool into_for_each, const std::function<void(const json&)>& visit)
{
    const auto visit_steps_of = [&visit](const json* holder) {
        if (const auto* steps = holder ? member(*holder, "steps") : nullptr) visit(*steps);
    };
    if (const auto* chosen = member(step, "switch")) {
        if (const auto* cases = member(*chosen, "cases"); cases && cases->is_array()) {
            for (const auto& one : *cases)
                visit_steps_of(&one);
        }
        visit_steps_of(member(*chosen, "default"));
    }
    if (into_for_each) visit_steps_of(member(step, "forEach"));
}

class AfterReader {
public:
    AfterReader(const json::array_t& steps, const std::string& pointer, Faults& faults)
        : steps_(steps), pointer_(pointer), faults_(faults)
    {
        for (std::size_t at = 0; at < steps.size(); ++at) {
            if (const auto* name = name_of(steps[at])) siblings_.try_emplace(*name, at);
        }
    }

    /// A step that does not say comes after the one before it.
    std::vector<std::size_t> read(std::size_t at) const
    {
        const auto* after = member(steps_[at], "after");
        if (!after) return at == 0 ? std::vector<std::size_t>() : std::vector{at - 1};
        const auto pointer = pointer_to(pointer_to(pointer_, at), "after");
        std::vector<std::size_t> found;
        if (const auto* names = elements_of(*after, pointer, 0, steps_.size(), faults_)) {
            for (std::size_t i = 0; i < names->size(); ++i)
                add(found, (*names)[i], pointer_to(pointer, i));
        }
        return found;
    }

private:
    void add(std::vector<std::size_t>& found, const json& value, std::string pointer) const
    {
        const auto* name = value.get_ptr<const std::string*>();
        const auto sibling = name ? siblings_.find(*name) : siblings_.end();
        if (!name) {
            faults_.push_back({std::move(pointer), "must be the name of a step"});
        } else if (sibling == siblings_.end()) {
            faults_.push_back({std::move(pointer), "there is no step " + in_quotes(*name) + " in this list"});
        } else if (std::ranges::find(found, sibling->second) != found.end()) {
            faults_.push_back({std::move(pointer), "names " + in_quotes(*name) + " a second time"});
        } else {
            found.push_back(sibling->second);
        }
    }

    const json::array_t& steps_;
    const std::string& pointer_;
    Faults& faults_;
    std::unordered_map<std::string, std::size_t> siblings_;
};

/// Fills order and ancestors as far as there is no cycle.
void put_in_order(ScopePlan& plan)
{
    const auto count = plan.after.size();
    std::vector<std::vector<std::size_t>> followers(count);
    std::vector<std::size_t> missing(count);
    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
    for (std::size_t at = 0; at < count; ++at) {
        for (const auto before : plan.after[at])
            followers[before].push_back(at);
        missing[at] = plan.after[at].size();
        if (missing[at] == 0) ready.push(at);
    }
    while (!ready.empty()) {
        const auto at = ready.top();
        ready.pop();
        plan.order.push_back(at);
        for (const auto before : plan.after[at]) {
            plan.ancestors[at][before] = true;
            for (std::size_t i = 0; i < count; ++i) {
                if (plan.ancestors[before][i]) plan.ancestors[at][i] = true;
            }
        }
        for (const auto follower : followers[at]) {
            if (--missing[follower] == 0) ready.push(follower);
        }
    }
}

bool waits_for_itself(const ScopePlan& plan, std::size_t step)
{
    std::vector<bool> seen(plan.after.size());
    std::vector<std::size_t> open = plan.after[step];
    while (!open.empty()) {
        const auto at = open.back();
        open.pop_back();
        if (at == step) return true;
        if (seen[at]) continue;
        seen[at] = true;
        open.insert(open.end(), plan.after[at].begin(), plan.after[at].end());
    }
    return false;
}

void report_cycles(ScopePlan& plan, const json::array_t& steps, const std::string& pointer, Faults& faults)
{
    std::vector<bool> is_ordered(steps.size());
    for (const auto at : plan.order)
        is_ordered[at] = true;
    for (std::size_t at = 0; at < steps.size(); ++at) {
        if (is_ordered[at]) continue;
        const auto step = pointer_to(pointer, at);
        if (waits_for_itself(plan, at))
            faults.push_back({steps[at].contains("after") ? pointer_to(step, "after") : step,
                              "the step waits for itself, by way of those that it comes after"});
        // What it may refer to is anybody's guess: taken as anything, so that one mistake is not told as
        // many.
        plan.order.push_back(at);
        plan.ancestors[at].assign(steps.size(), true);
    }
}

}  // namespace

ScopePlan plan_scope(const json::array_t& steps, const std::string& pointer, Faults& faults)
{
    ScopePlan plan;
    plan.ancestors.assign(steps.size(), std::vector<bool>(steps.size()));
    const AfterReader reader(steps, pointer, faults);
    for (std::size_t at = 0; at < steps.size(); ++at) {
        plan.after.push_back(reader.read(at));
        if (const auto* name = name_of(steps[at]))
            plan.places.try_emplace(*name, ScopePlan::Place{at, false});
        std::vector<std::string> inner;
        for_each_list(steps[at], false, [&inner](const json& list) { collect_names(list, false, inner); });
        for (auto& name : inner)
            plan.places.try_emplace(std::move(name), ScopePlan::Place{at, true});
    }
    put_in_order(plan);
    report_cycles(plan, steps, pointer, faults);
    return plan;
}

void collect_names(const json& steps, bool into_for_each, std::vector<std::string>& names)
{
    if (!steps.is_array()) return;
    for (const auto& step : steps) {
        if (const auto* name = name_of(step)) names.push_back(*name);
        for_each_list(step, into_for_each,
                      [&](const json& list) { collect_names(list, into_for_each, names); });
    }
}

}  // namespace lintel::workflow
