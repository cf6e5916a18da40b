#include <algorithm>

#include "lintel/core/time.hpp"
#include "rules.hpp"
#include "step_reader.hpp"

namespace lintel::workflow {

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

bool is_template_object(const json& mapping)
{
    return mapping.contains("$ref") || mapping.contains("$literal");
}

}  // namespace

std::string StepReader::read_subject(const json& value, std::string pointer) const
{
    Fields fields(value, std::move(pointer), faults_);
    auto subject = fields.required_text("subject", is_subject, kSubjectRule);
    fields.refuse_unknown();
    return subject;
}

SleepStep StepReader::read_sleep(const json& value, std::string pointer, const Position& from) const
{
    Fields fields(value, std::move(pointer), faults_);
    SleepStep sleep;
    sleep.duration = fields.duration("for", 0ms);
    const auto* until = fields.find("until");
    const bool has_duration = value.contains("for");
    if (fields.is_object() && has_duration == (until != nullptr))
        fields.fault("must have either for or until");
    if (until) {
        const auto* text = until->get_ptr<const std::string*>();
        if (text ? !core::parse_rfc3339(*text) : !is_template_object(*until))
            fields.fault("until", "must be an RFC 3339 time, or a reference to one");
        check(*until, fields.pointer("until"), from);
        sleep.until = *until;
    }
    fields.refuse_unknown();
    return sleep;
}

SignalStep StepReader::read_signal(const json& value, std::string pointer) const
{
    Fields fields(value, std::move(pointer), faults_);
    SignalStep signal;
    signal.signal = fields.required_text("name", is_name, kNameRule);
    signal.timeout = fields.duration("timeout", 1ms);
    signal.continues_on_timeout = fields.word("onTimeout", {"fail", "continue"}) == 1U;
    fields.refuse_unknown();
    return signal;
}

SwitchStep StepReader::read_switch(const json& value, std::string pointer, const Position& from)
{
    constexpr std::size_t kMaxCases = 100;
    Fields fields(value, std::move(pointer), faults_);
    SwitchStep chosen;
    if (const auto* on = fields.require("value")) {
        check(*on, fields.pointer("value"), from);
        chosen.value = *on;
    }
    if (fields.require("cases")) {
        if (const auto* cases = fields.array("cases", 1, kMaxCases))
            read_cases(*cases, fields.pointer("cases"), from, chosen);
    }
    if (const auto* otherwise = fields.find("default")) {
        Fields inner(*otherwise, fields.pointer("default"), faults_);
        chosen.otherwise = read_inner(inner, 0, from);
        inner.refuse_unknown();
    }
    fields.refuse_unknown();
    return chosen;
}

void StepReader::read_cases(const json::array_t& cases, const std::string& pointer, const Position& from,
                            SwitchStep& chosen)
{
    for (std::size_t at = 0; at < cases.size(); ++at) {
        Fields fields(cases[at], pointer_to(pointer, at), faults_);
        auto& one = chosen.cases.emplace_back();
        if (const auto* equals = fields.require("equals")) {
            one.equals = *equals;
            const bool is_repeated =
                std::any_of(chosen.cases.begin(), chosen.cases.end() - 1,
                            [&](const auto& other) { return other.equals == one.equals; });
            if (is_repeated) fields.fault("equals", "an earlier case is the same");
        }
        one.steps = read_inner(fields, 0, from);
        fields.refuse_unknown();
    }
}

ForEachStep StepReader::read_for_each(const json& value, std::string pointer, const Position& from)
{
    constexpr std::int64_t kDefaultConcurrency = 10;
    constexpr std::int64_t kMaxConcurrency = 10'000;
    Fields fields(value, std::move(pointer), faults_);
    ForEachStep each;
    if (const auto* items = fields.require("items")) {
        if (!items->is_array() && !is_template_object(*items))
            fields.fault("items", "must be an array, or a reference to one");
        check(*items, fields.pointer("items"), from);
        each.items = *items;
    }
    each.max_concurrency = static_cast<std::size_t>(
        fields.integer("maxConcurrency", 0, kMaxConcurrency).value_or(kDefaultConcurrency));
    Position inside = from;
    inside.is_in_for_each = true;
    each.steps = read_inner(fields, 1, inside);
    fields.refuse_unknown();
    return each;
}

ChildStep StepReader::read_child(const json& value, std::string pointer) const
{
    Fields fields(value, std::move(pointer), faults_);
    ChildStep child;
    child.definition = fields.required_text("definition", is_name, kNameRule);
    child.version = fields.integer("version", 1, std::numeric_limits<std::int64_t>::max()).value_or(0);
    fields.refuse_unknown();
    return child;
}

Scope StepReader::read_inner(Fields& fields, std::size_t minimum, const Position& from)
{
    const auto* steps = fields.require("steps");
    ScopePlan plan;
    return steps ? read_scope(*steps, fields.pointer("steps"), minimum, &from, plan) : Scope();
}

}  // namespace lintel::workflow
