"""A table of all generated types for the tests: examples and fuzzing go over every one of them."""

import model
from cpp_header import in_order
from naming import snake

HEADER = """\
// Generated from contracts/. Do not edit.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace lintel::contracts::test {

struct TypeEntry {
    std::string_view name;
    /// Parses, serialises, parses that again, and gives the text. Throws std::logic_error when the two values differ.
    std::string (*round_trip)(const nlohmann::json& document);
};

/// Every generated type.
std::span<const TypeEntry> all_types();

}  // namespace lintel::contracts::test
"""

SOURCE = """\
// Generated from contracts/. Do not edit.
#include "registry.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

{includes}#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::contracts::test {{

namespace {{

template <auto parse>
std::string round_trip(const nlohmann::json& document)
{{
    const auto value = parse(document, UnknownFields::refuse);
    std::string text = to_json(value);
    try {{
        const auto again = parse(core::parse_json(text, {{.bytes = text.size(), .depth = 64}}), UnknownFields::refuse);
        if (!(again == value)) throw std::logic_error("does not come back as it was: " + text);
    }} catch (const core::Error& error) {{
        throw std::logic_error("does not come back: " + text + ": " + error.what());
    }}
    return text;
}}

constexpr TypeEntry kTypes[] = {{
{entries}}};

}}  // namespace

std::span<const TypeEntry> all_types()
{{
    return kTypes;
}}

}}  // namespace lintel::contracts::test
"""


def source(contexts, types):
    includes = "".join(f'#include "lintel/contracts/{context}.hpp"\n' for context in contexts)
    entries = "".join(f'    {{"{schema.name}", &round_trip<&parse_{snake(schema.name)}>}},\n'
                      for context in contexts for schema in in_order(context, types)
                      if isinstance(schema, model.Object))
    return SOURCE.format(includes=includes, entries=entries)
