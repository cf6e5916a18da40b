#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lintel/core/error.hpp"
#include "lintel/workflow/definition.hpp"

namespace lintel::workflow::test {

/// Where a document is at fault, sorted.
inline std::vector<std::string> fault_pointers(const nlohmann::json& document,
                                               const DefinitionLimits& limits = {})
{
    std::vector<std::string> pointers;
    try {
        parse_definition(document, limits);
    } catch (const core::Error& error) {
        for (const auto& fault : error.fields())
            pointers.push_back(fault.pointer);
        if (pointers.empty()) pointers.emplace_back(core::to_string(error.code()));
    }
    std::ranges::sort(pointers);
    return pointers;
}

inline nlohmann::json definition_of(nlohmann::json steps)
{
    auto document = nlohmann::json::object({{"name", "test"}});
    document["steps"] = std::move(steps);
    return document;
}

using Pointers = std::vector<std::string>;

}  // namespace lintel::workflow::test
