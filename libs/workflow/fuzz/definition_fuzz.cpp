// libFuzzer: whatever document comes, parse_definition either takes it or throws core::Error. Of what it
// takes, every step stands behind those that it comes after, and checking an input ends in the same way. A
// document
// {"definition": …, "input": …} checks that input, any other its own text. Seeds:
// contracts/examples/WorkflowDefinition.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/workflow/definition.hpp"
#include "lintel/workflow/mapping.hpp"

namespace workflow = lintel::workflow;
using lintel::core::Error;
using nlohmann::json;

namespace {

void require(bool holds)
{
    if (!holds) std::abort();
}

void check_scope(const workflow::Definition& definition, const workflow::Scope& scope)
{
    for (std::size_t at = 0; at < scope.size(); ++at) {
        require(workflow::find_step(definition, scope[at].name) == &scope[at]);
        for (const auto before : scope[at].after)
            require(before < at);
        if (const auto* each = std::get_if<workflow::ForEachStep>(&scope[at].kind))
            check_scope(definition, each->steps);
        if (const auto* chosen = std::get_if<workflow::SwitchStep>(&scope[at].kind)) {
            for (const auto& one : chosen->cases)
                check_scope(definition, one.steps);
            check_scope(definition, chosen->otherwise);
        }
    }
}

void resolve_all(const workflow::Scope& scope, const workflow::References& references)
{
    for (const auto& step : scope) {
        try {
            workflow::resolve(step.input, references);
        } catch (const Error&) {
            // A reference that this input leads nowhere.
        }
    }
}

void take(const json& document, const json& input)
{
    const auto definition = workflow::parse_definition(document);
    check_scope(*definition, definition->steps);
    workflow::References references;
    references.input = &input;
    references.output = [&input](const std::string&) { return &input; };
    resolve_all(definition->steps, references);
    workflow::check_input(*definition, input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto document = lintel::core::parse_json(text);
        const bool has_input =
            document.is_object() && document.contains("definition") && document.contains("input");
        take(has_input ? document["definition"] : document, has_input ? document["input"] : document);
    } catch (const Error&) {
        // Refused, as most of this should be.
    }
    return 0;
}
