#include "lintel/workflow/definition.hpp"

#include <algorithm>

#include "document.hpp"
#include "input_schema.hpp"
#include "lintel/core/json.hpp"
#include "rules.hpp"
#include "step_reader.hpp"

namespace lintel::workflow {
namespace {

using namespace std::chrono_literals;
using core::Error;
using core::ErrorCode;
using nlohmann::json;

bool is_deeper_than(const json& value, std::size_t depth)
{
    if (!value.is_structured()) return false;
    if (depth == 0) return true;
    return std::ranges::any_of(value,
                               [depth](const json& child) { return is_deeper_than(child, depth - 1); });
}

void check_size(const json& document, const DefinitionLimits& limits)
{
    if (is_deeper_than(document, limits.depth))
        throw Error(ErrorCode::malformed,
                    "the definition is nested deeper than " + std::to_string(limits.depth) + " levels");
    const auto bytes = core::dump_json(document).size();
    if (bytes > limits.bytes)
        throw Error(ErrorCode::too_large, "the definition has " + std::to_string(bytes) + " bytes; at most " +
                                              std::to_string(limits.bytes) + " are taken");
}

std::unordered_set<std::string> names_in(const json& document)
{
    std::vector<std::string> names;
    if (document.is_object() && document.contains("steps")) collect_names(document["steps"], true, names);
    return {names.begin(), names.end()};
}

bool is_text_or_reference(const json& mapping)
{
    if (!mapping.is_object()) return mapping.is_string();
    const auto literal = mapping.find("$literal");
    return literal == mapping.end() ? mapping.contains("$ref") : literal->is_string();
}

void read_key(Fields& fields, Limits& limits, Faults& faults)
{
    const auto* key = fields.find("key");
    if (!key) {
        for (const auto* per_key : {"concurrencyPerKey", "ratePerKey"}) {
            if (fields.find(per_key)) fields.fault(per_key, "needs a key beside it");
        }
        return;
    }
    if (!is_text_or_reference(*key)) fields.fault("key", "must be a text, or a reference to one");
    Viewpoint from;
    from.only_input = true;
    check_mapping(*key, fields.pointer("key"), from, faults);
    limits.key = *key;
}

Limits read_limits(const json& value, std::string pointer, Faults& faults)
{
    constexpr std::int64_t kMax = 1'000'000'000;
    Fields fields(value, std::move(pointer), faults);
    Limits limits;
    limits.concurrency = fields.integer("concurrency", 0, kMax).value_or(0);
    limits.concurrency_per_key = fields.integer("concurrencyPerKey", 0, kMax).value_or(0);
    limits.rate = fields.integer("rate", 0, kMax).value_or(0);
    limits.rate_per_key = fields.integer("ratePerKey", 0, kMax).value_or(0);
    limits.period = fields.duration("period", 1ms).value_or(limits.period);
    read_key(fields, limits, faults);
    fields.refuse_unknown();
    return limits;
}

void read_input_schema(Fields& fields, Definition& definition, Faults& faults)
{
    const auto* schema = fields.find("inputSchema");
    if (!schema) return;
    definition.input_schema = *schema;
    definition.input_check = InputSchema::compile(*schema, fields.pointer("inputSchema"), faults);
}

void read_steps(Fields& fields, const json& document, Definition& definition, const DefinitionLimits& limits,
                Faults& faults)
{
    StepReader reader(limits, names_in(document), faults);
    ScopePlan plan;
    if (const auto* steps = fields.require("steps"))
        definition.steps = reader.read_scope(*steps, fields.pointer("steps"), 1, nullptr, plan);
    if (const auto* output = fields.find("output")) {
        Position behind;
        behind.plan = &plan;
        reader.check(*output, fields.pointer("output"), behind);
        definition.output = *output;
    }
}

const Step* find_in(const Scope& scope, std::string_view name) noexcept;

const Step* find_below(const Step& step, std::string_view name) noexcept
{
    if (const auto* each = std::get_if<ForEachStep>(&step.kind)) return find_in(each->steps, name);
    const auto* chosen = std::get_if<SwitchStep>(&step.kind);
    if (!chosen) return nullptr;
    for (const auto& one : chosen->cases) {
        if (const auto* found = find_in(one.steps, name)) return found;
    }
    return find_in(chosen->otherwise, name);
}

const Step* find_in(const Scope& scope, std::string_view name) noexcept
{
    for (const auto& step : scope) {
        if (step.name == name) return &step;
        if (const auto* found = find_below(step, name)) return found;
    }
    return nullptr;
}

}  // namespace

std::shared_ptr<const Definition> parse_definition(const json& document, const DefinitionLimits& limits)
{
    check_size(document, limits);
    Faults faults;
    Fields fields(document, "", faults);
    auto definition = std::make_shared<Definition>();
    if (fields.is_object()) {
        definition->name = fields.required_text("name", is_name, kNameRule);
        definition->version =
            fields.integer("version", 1, std::numeric_limits<std::int64_t>::max()).value_or(0);
        definition->description = fields.text("description", is_description, kDescriptionRule).value_or("");
        read_input_schema(fields, *definition, faults);
        read_steps(fields, document, *definition, limits, faults);
        if (const auto* value = fields.find("limits"))
            definition->limits = read_limits(*value, fields.pointer("limits"), faults);
        fields.refuse_unknown();
    }
    throw_if_any(std::move(faults), "the definition");
    return definition;
}

void check_input(const Definition& definition, const json& input)
{
    if (definition.input_check) throw_if_any(definition.input_check->check(input), "the workflow");
}

const Step* find_step(const Definition& definition, std::string_view name) noexcept
{
    return find_in(definition.steps, name);
}

}  // namespace lintel::workflow
