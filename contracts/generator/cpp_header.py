"""The public header of a context: structs, enums and the functions on them."""

import model
from cpp_types import comment, initializer, member_type, value_type
from naming import identifier, snake


def dependencies(schema, types):
    """The names of the generated types that must be complete before this one."""
    found = []

    def visit(kind):
        if isinstance(kind, model.Named):
            found.append(kind.name)
        elif isinstance(kind, model.Array):
            visit(kind.items)
        elif isinstance(kind, model.StringOrInteger) and kind.alias:
            found.append(kind.alias)

    if isinstance(schema, model.Object):
        if schema.base:
            found.append(schema.base)
        for field in schema.fields:
            visit(field.type)
    return found


def in_order(context, types):
    """The context's types, each behind what it is made of."""
    ordered = []

    def visit(name):
        schema = types[name]
        if schema.context != context or schema in ordered:
            return
        for other in dependencies(schema, types):
            visit(other)
        ordered.append(schema)

    for name in sorted(types):
        visit(name)
    return ordered


def used_contexts(context, types):
    used = {types[name].context for schema in types.values() if schema.context == context
            for name in dependencies(schema, types)}
    return sorted(used - {context})


def own_fields(schema, types):
    inherited = {field.name for field in types[schema.base].fields} if schema.base else set()
    return [field for field in schema.fields if field.name not in inherited]


def header(context, types):
    schemas = in_order(context, types)
    includes = "".join(f'#include "lintel/contracts/{used}.hpp"\n' 
                       for used in sorted([*used_contexts(context, types), "parsing"]))
    return HEADER.format(includes=includes, body="\n".join(filter(None, (_schema(s, types) for s in schemas))))


HEADER = """\
// Generated from contracts/. Do not edit.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

{includes}#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"

namespace lintel::contracts {{

{body}
}}  // namespace lintel::contracts
"""


def _schema(schema, types):
    if isinstance(schema, model.Enum):
        return _enum(schema)
    if isinstance(schema, model.Object):
        return _struct(schema, types) + "\n" + _functions(schema)
    if isinstance(schema.type, model.StringOrInteger):
        return f"{comment(schema.description)}using {schema.name} = std::variant<std::string, std::int64_t>;\n"
    return ""


def _enum(schema):
    values = "".join(f"    {identifier(value)},\n" for value in schema.values)
    return (f"{comment(schema.description)}enum class {schema.name} {{\n{values}}};\n\n"
            f"/// As it is written on the wire.\n"
            f"std::string_view to_string({schema.name} value) noexcept;\n\n"
            f"/// Nothing when none is written so.\n"
            f"std::optional<{schema.name}> {snake(schema.name)}_from_string(std::string_view text) noexcept;\n")


def _struct(schema, types):
    base = f" : {schema.base}" if schema.base else ""
    members = "".join(f"{comment(field.description, '    ')}"
                      f"    {member_type(field)} {identifier(field.name)}{initializer(field, types)};\n"
                      for field in own_fields(schema, types))
    gap = "\n" if members else ""
    return (f"{comment(schema.description)}struct {schema.name}{base} {{\n{members}{gap}"
            f"    bool operator==(const {schema.name}&) const = default;\n}};\n")


def _functions(schema):
    name = snake(schema.name)
    query = (f"\n/// The same from the parameters of a URL's query.\n"
             f"{schema.name} parse_{name}_query(QueryParameters query);\n" if schema.is_query else "")
    return (f"/// Throws core::Error{{invalid}} with every fault at once, each with its JSON pointer.\n"
            f"{schema.name} parse_{name}(const nlohmann::json& json, UnknownFields unknown = UnknownFields::refuse);\n"
            f"{query}\n"
            f"void append_json(std::string& out, const {schema.name}& value);\n"
            f"std::string to_json(const {schema.name}& value);\n")
