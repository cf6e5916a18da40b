// Reads a workflow definition from a file, and prints its steps, or everything that is wrong with it:
//     workflow_definition_example definition.json

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/workflow/definition.hpp"

namespace workflow = lintel::workflow;

namespace {

const char* kind_of(const workflow::Step& step)
{
    constexpr const char* kKinds[] = {"request", "emit", "sleep", "signal", "switch", "forEach", "workflow"};
    return kKinds[step.kind.index()];
}

void print(const workflow::Scope& scope, const std::string& indent)
{
    for (const auto& step : scope) {
        std::cout << indent << step.name << ": " << kind_of(step);
        for (const auto before : step.after)
            std::cout << (before == step.after.front() ? ", after " : " and ") << scope[before].name;
        std::cout << (step.compensate ? ", can be undone\n" : "\n");
        if (const auto* each = std::get_if<workflow::ForEachStep>(&step.kind))
            print(each->steps, indent + "    ");
        if (const auto* chosen = std::get_if<workflow::SwitchStep>(&step.kind)) {
            for (const auto& one : chosen->cases)
                print(one.steps, indent + "    " + one.equals.dump() + ": ");
            print(chosen->otherwise, indent + "    else: ");
        }
    }
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " DEFINITION.json\n";
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    try {
        const auto definition = workflow::parse_definition(lintel::core::parse_json(text));
        std::cout << definition->name << " version " << definition->version << '\n';
        print(definition->steps, "    ");
    } catch (const lintel::core::Error& error) {
        std::cerr << error.what() << '\n';
        for (const auto& fault : error.fields())
            std::cerr << "    " << (fault.pointer.empty() ? "/" : fault.pointer) << ' ' << fault.detail
                      << '\n';
        return 1;
    }
    return 0;
}
