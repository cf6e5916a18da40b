#include "step_reader.hpp"

#include <algorithm>
#include <array>

#include "rules.hpp"

namespace lintel::workflow {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::array<std::string_view, 7> kKinds{"request", "emit",    "sleep",   "signal",
                                                 "switch",  "forEach", "workflow"};

RetryPolicy read_retry(const json& value, std::string pointer, Faults& faults)
{
    constexpr std::int64_t kMaxAttempts = 1'000'000;
    constexpr std::size_t kMaxCodes = 50;
    constexpr int kDefaultGrowth = 100;
    Fields fields(value, std::move(pointer), faults);
    RetryPolicy retry;
    retry.initial_interval = fields.duration("initialInterval", 1ms).value_or(retry.initial_interval);
    retry.maximum_interval =
        fields.duration("maximumInterval", 1ms).value_or(retry.initial_interval * kDefaultGrowth);
    if (retry.maximum_interval < retry.initial_interval)
        fields.fault("maximumInterval", "must not be shorter than initialInterval");
    retry.backoff_coefficient =
        fields.number("backoffCoefficient", 1, 100).value_or(retry.backoff_coefficient);
    retry.maximum_attempts = fields.integer("maximumAttempts", 0, kMaxAttempts).value_or(0);
    retry.jitter = fields.number("jitter", 0, 1).value_or(retry.jitter);
    if (const auto* codes = fields.array("nonRetryable", 0, kMaxCodes)) {
        for (std::size_t at = 0; at < codes->size(); ++at) {
            const auto* code = (*codes)[at].get_ptr<const std::string*>();
            if (code && is_error_code(*code))
                retry.non_retryable.push_back(*code);
            else
                faults.push_back({pointer_to(fields.pointer("nonRetryable"), at),
                                  "must be " + std::string(kErrorCodeRule)});
        }
    }
    fields.refuse_unknown();
    return retry;
}

/// What attempts of a step and of a compensation have in common.
template <class Attempted>
void read_patience(Fields& fields, Attempted& attempted, Faults& faults)
{
    attempted.timeout = fields.duration("timeout", 1ms).value_or(attempted.timeout);
    if (const auto* retry = fields.find("retry"))
        attempted.retry = read_retry(*retry, fields.pointer("retry"), faults);
}

/// What is known of a step of that name, seen from `from`; nothing when it is nowhere in reach.
std::optional<Visibility> find_in_reach(const std::string& name, const Position* from)
{
    for (; from; from = from->outer) {
        const auto found = from->plan->places.find(name);
        if (found == from->plan->places.end()) continue;
        const auto place = found->second;
        if (from->step && !from->plan->ancestors[*from->step][place.sibling]) return std::nullopt;
        return place.is_in_switch ? Visibility::may_be_skipped : Visibility::settled;
    }
    return std::nullopt;
}

}  // namespace

StepReader::StepReader(const DefinitionLimits& limits, std::unordered_set<std::string> all_names,
                       Faults& faults)
    : limits_(limits), all_names_(std::move(all_names)), faults_(faults)
{
}

Scope StepReader::read_scope(const json& steps, const std::string& pointer, std::size_t minimum,
                             const Position* outer, ScopePlan& plan)
{
    const auto* elements = elements_of(steps, pointer, minimum, limits_.steps, faults_);
    if (!elements) return {};
    Position here{
        outer, &plan, std::nullopt, nullptr, outer && outer->is_in_for_each, outer ? outer->nesting + 1 : 1};
    if (here.nesting > limits_.nesting) {
        faults_.push_back(
            {pointer, "steps are nested deeper than " + std::to_string(limits_.nesting) + " levels"});
        return {};
    }
    count_ += elements->size();
    if (count_ > limits_.steps) {
        faults_.push_back(
            {pointer, "with these, there are more than " + std::to_string(limits_.steps) + " steps"});
        return {};
    }
    plan = plan_scope(*elements, pointer, faults_);
    Scope in_document_order;
    for (std::size_t at = 0; at < elements->size(); ++at) {
        here.step = at;
        in_document_order.push_back(read_step((*elements)[at], pointer_to(pointer, at), here));
    }
    check_pivots(in_document_order, pointer, plan);
    std::vector<std::size_t> position(elements->size());
    Scope scope;
    for (const auto at : plan.order) {
        position[at] = scope.size();
        auto& step = scope.emplace_back(std::move(in_document_order[at]));
        for (const auto before : plan.after[at])
            step.after.push_back(position[before]);
        std::ranges::sort(step.after);
    }
    return scope;
}

Step StepReader::read_step(const json& value, const std::string& pointer, const Position& from)
{
    Fields fields(value, pointer, faults_);
    Step step;
    if (!fields.is_object()) return step;
    fields.find("after");
    read_name(fields, step);
    read_pivot(fields, step, from);
    step.description = fields.text("description", is_description, kDescriptionRule).value_or("");
    read_kind(fields, step, from);
    fields.refuse_unknown();
    return step;
}

void StepReader::read_name(Fields& fields, Step& step)
{
    step.name = fields.required_text("name", is_name, kNameRule);
    if (!step.name.empty() && !used_names_.insert(step.name).second)
        fields.fault("name", "there is another step " + in_quotes(step.name));
}

void StepReader::read_pivot(Fields& fields, Step& step, const Position& from)
{
    const auto* pivot = fields.find("pivot");
    if (!pivot) return;
    if (!pivot->is_boolean()) {
        fields.fault("pivot", "must be true or false");
        return;
    }
    step.is_pivot = pivot->get<bool>();
    if (step.is_pivot && from.outer) fields.fault("pivot", "only a step of the outermost list can be one");
}

void StepReader::check_pivots(const Scope& steps, const std::string& pointer, const ScopePlan& plan)
{
    const auto is_call = [](const Step& step) {
        return std::holds_alternative<RequestStep>(step.kind) || std::holds_alternative<EmitStep>(step.kind);
    };
    for (std::size_t pivot = 0; pivot < steps.size(); ++pivot) {
        if (!steps[pivot].is_pivot) continue;
        for (std::size_t at = 0; at < steps.size(); ++at)
            if (at != pivot && !plan.ancestors[pivot][at] && !is_call(steps[at]))
                faults_.push_back({pointer_to(pointer, at),
                                   "must be a request or an event, as it is not settled "
                                   "before the pivot " +
                                       in_quotes(steps[pivot].name)});
    }
}

void StepReader::read_kind(Fields& fields, Step& step, const Position& from)
{
    const json* kind = nullptr;
    std::string_view name;
    std::size_t found = 0;
    for (const auto candidate : kKinds) {
        const auto* value = fields.find(candidate);
        if (!value) continue;
        if (found++ > 0) continue;
        kind = value;
        name = candidate;
    }
    const auto* compensation = fields.find("compensate");
    if (found != 1)
        fields.fault("must have exactly one of request, emit, sleep, signal, switch, forEach and workflow");
    if (!kind) return;
    const auto pointer = fields.pointer(name);
    if (name == "request") step.kind = RequestStep{read_subject(*kind, pointer)};
    if (name == "emit") step.kind = EmitStep{read_subject(*kind, pointer)};
    if (name == "sleep") step.kind = read_sleep(*kind, pointer, from);
    if (name == "signal") step.kind = read_signal(*kind, pointer);
    if (name == "switch") step.kind = read_switch(*kind, pointer, from);
    if (name == "forEach") step.kind = read_for_each(*kind, pointer, from);
    if (name == "workflow") step.kind = read_child(*kind, pointer);
    if (name == "request" || name == "emit") read_attempts(fields, step, from);
    if (name == "workflow") step.input = read_input(fields, from);
    if (compensation && (name == "request" || name == "sleep")) {
        read_compensation(*compensation, step, fields.pointer("compensate"), from);
    } else if (compensation) {
        fields.fault("compensate", "only a request and a sleep can be compensated");
    }
}

void StepReader::read_attempts(Fields& fields, Step& step, const Position& from)
{
    step.input = read_input(fields, from);
    read_patience(fields, step, faults_);
    if (const auto word = fields.word("onExhausted", {"fail", "deadLetter"}))
        step.on_exhausted = *word == 0 ? OnExhausted::fail : OnExhausted::dead_letter;
}

void StepReader::read_compensation(const json& value, Step& step, std::string pointer, const Position& from)
{
    Fields fields(value, std::move(pointer), faults_);
    auto& compensation = step.compensate.emplace();
    if (const auto* request = fields.require("request"))
        compensation.subject = read_subject(*request, fields.pointer("request"));
    Position own = from;
    own.own = &step.name;
    compensation.input = read_input(fields, own);
    read_patience(fields, compensation, faults_);
    fields.refuse_unknown();
}

json StepReader::read_input(Fields& fields, const Position& from) const
{
    const auto* input = fields.find("input");
    if (!input) return json::object();
    check(*input, fields.pointer("input"), from);
    return *input;
}

void StepReader::check(const json& mapping, const std::string& pointer, const Position& from) const
{
    Viewpoint viewpoint;
    viewpoint.has_item = from.is_in_for_each;
    viewpoint.has_failure = from.own != nullptr;
    viewpoint.step = [this, &from](const std::string& name) {
        if (from.own && *from.own == name) return Visibility::settled;
        if (const auto visibility = find_in_reach(name, &from)) return *visibility;
        return all_names_.contains(name) ? Visibility::not_settled : Visibility::unknown;
    };
    check_mapping(mapping, pointer, viewpoint, faults_);
}

}  // namespace lintel::workflow
