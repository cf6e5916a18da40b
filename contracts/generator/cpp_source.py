"""The source of a context: its parsers and serialisers, in terms of contracts/runtime."""

import model
from cpp_header import in_order, own_fields
from cpp_types import braces, integer_literal, number_literal, raw_literal, string_literal
from naming import identifier, snake
from patterns import compile_pattern

INTERNAL = """\
// Generated from contracts/. Do not edit.
#pragma once

{includes}#include "reader.hpp"

// What the sources of the contexts need of one another.
namespace lintel::contracts::detail {{

{declarations}
}}  // namespace lintel::contracts::detail
"""

SOURCE = """\
// Generated from contracts/. Do not edit.
#include "lintel/contracts/{context}.hpp"

#include "internal.hpp"
#include "query.hpp"
#include "reader.hpp"
#include "writer.hpp"

namespace lintel::contracts {{

namespace detail {{

{details}
}}  // namespace detail

{functions}
}}  // namespace lintel::contracts
"""


def internal(contexts, types):
    includes = "".join(f'#include "lintel/contracts/{context}.hpp"\n' for context in contexts)
    lines = []
    for context in contexts:
        for schema in in_order(context, types):
            if isinstance(schema, model.Enum):
                lines.append(f"void read(const Node& node, {schema.name}& out);\n"
                             f"void append_json(std::string& out, {schema.name} value);\n")
            elif isinstance(schema, model.Object):
                lines.append(f"void read(const Node& node, {schema.name}& out);\n"
                             f"void read_members(Object& object, {schema.name}& out);\n"
                             f"void append_members(std::string& out, const {schema.name}& value);\n")
    return INTERNAL.format(includes=includes, declarations="".join(lines))


def source(context, types):
    schemas = in_order(context, types)
    details = "\n".join(filter(None, (_details(schema, types) for schema in schemas)))
    functions = "\n".join(filter(None, (_functions(schema, types) for schema in schemas)))
    return SOURCE.format(context=context, details=details, functions=functions)


def _details(schema, types):
    if isinstance(schema, model.Enum):
        allowed = ", ".join(schema.values)
        return (f"void read(const Node& node, {schema.name}& out)\n{{\n"
                f"    read_enum(node, out, {snake(schema.name)}_from_string,\n"
                f"              {string_literal(allowed)});\n}}\n\n"
                f"void append_json(std::string& out, {schema.name} value)\n{{\n"
                f"    out += '\"';\n    out += to_string(value);\n    out += '\"';\n}}\n")
    if isinstance(schema, model.Object):
        return _patterns(schema, types) + _read(schema, types) + "\n" + _append(schema, types)
    return ""


# Reading

def _pattern_name(schema_name, field_name):
    return f"k{schema_name}{field_name[0].upper()}{field_name[1:]}Pattern"


def _strings(kind):
    if isinstance(kind, model.String):
        yield kind
    elif isinstance(kind, model.StringOrInteger):
        yield kind.string
    elif isinstance(kind, model.Array):
        yield from _strings(kind.items)


def _patterns(schema, types):
    text = ""
    for field in own_fields(schema, types):
        for kind in _strings(field.type):
            if kind.pattern:
                atoms = "".join(f"    {_atom(atom)},\n" for atom in compile_pattern(kind.pattern))
                text += f"constexpr PatternAtom {_pattern_name(schema.name, field.name)}[] = {{\n{atoms}}};\n\n"
    return text


def _atom(atom):
    low, high = atom.words()
    maximum = "std::numeric_limits<std::size_t>::max()" if atom.max is None else atom.max
    return f"{{{{0x{low:x}U, 0x{high:x}U}}, {atom.min}, {maximum}}}"


def _read(schema, types):
    lines = [f"    read_members(object, static_cast<{schema.base}&>(out));\n"] if schema.base else []
    lines += [_read_member(schema, field) for field in own_fields(schema, types)]
    names = "".join(f"    {string_literal(field.name)},\n" for field in schema.fields)
    least = f"    object.at_least({schema.min_properties});\n" if schema.min_properties else ""
    return (f"constexpr std::string_view k{schema.name}Fields[] = {{\n{names}}};\n\n"
            f"void read_members(Object& object, {schema.name}& out)\n{{\n{''.join(lines)}}}\n\n"
            f"void read(const Node& node, {schema.name}& out)\n{{\n"
            f"    Object object{{node}};\n    read_members(object, out);\n"
            f"    object.finish(k{schema.name}Fields);\n{least}}}\n")


def _read_member(schema, field):
    target = f"out.{identifier(field.name)}"
    if field.is_optional:
        target += ".emplace()"
    statement = _read_value(field.type, target, _pattern_name(schema.name, field.name))
    if field.nullable:
        statement = f"if (!node.value.is_null()) {statement}"
    how = "required" if field.required else "optional"
    return (f"    object.{how}({string_literal(field.name)}, [&](const Node& node) {{\n"
            f"        {statement};\n    }});\n")


def _read_value(kind, target, pattern, node="node"):
    if isinstance(kind, model.Named):
        return f"read({node}, {target})"
    if isinstance(kind, model.Array):
        item = _read_value(kind.items, "item", pattern, "element")
        rule = braces(min_items=kind.min_items or None, max_items=kind.max_items)
        return (f"read_array({node}, {target}, {rule}, [](const Node& element, auto& item) {{\n"
                f"            {item};\n        }})")
    simple = {model.Id: "read_id", model.Timestamp: "read_timestamp", model.Boolean: "read_boolean",
              model.Duration: "read_duration"}
    if type(kind) in simple:
        return f"{simple[type(kind)]}({node}, {target})"
    if isinstance(kind, model.StringOrInteger):
        return (f"read_string_or_integer({node}, {target}, {_string_rule(kind.string, pattern)}, "
                f"{_integer_rule(kind.integer)})")
    if isinstance(kind, model.String):
        return f"read_string({node}, {target}, {_string_rule(kind, pattern)})"
    if isinstance(kind, model.Integer):
        return f"read_integer({node}, {target}, {_integer_rule(kind)})"
    if isinstance(kind, model.Number):
        return f"read_number({node}, {target}, {_number_rule(kind)})"
    if isinstance(kind, model.ObjectText):
        return f"read_object_text({node}, {target}, {braces(max_length=kind.max_length, max_depth=kind.max_depth)})"
    how = "read_free_object" if isinstance(kind, model.FreeObject) else "read_free_value"
    return f"{how}({node}, {target}, {braces(max_bytes=kind.max_bytes, max_depth=kind.max_depth)})"


def _string_rule(kind, pattern):
    return braces(min_length=kind.min_length or None, max_length=kind.max_length,
                  pattern=pattern if kind.pattern else None,
                  pattern_text=string_literal(kind.pattern) if kind.pattern else None)


def _integer_rule(kind):
    values = {"minimum": kind.minimum, "maximum": kind.maximum, "clamp_maximum": kind.clamp_maximum}
    return braces(**{key: None if value is None else integer_literal(value) for key, value in values.items()})


def _number_rule(kind):
    keys = ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum")
    values = {key: getattr(kind, key) for key in keys}
    return braces(**{key: None if value is None else number_literal(value) for key, value in values.items()})


# Writing

def _append(schema, types):
    lines = [f"    append_members(out, static_cast<const {schema.base}&>(value));\n"] if schema.base else []
    lines += [_append_member(field) for field in own_fields(schema, types)]
    unused = "" if lines else "    static_cast<void>(out);\n    static_cast<void>(value);\n"
    return (f"void append_members(std::string& out, const {schema.name}& value)\n{{\n{unused}{''.join(lines)}}}\n")


def _append_member(field):
    key = f'    out += {raw_literal(chr(34) + field.name + chr(34) + ":")};\n'
    value = f"value.{identifier(field.name)}"
    if not field.is_optional:
        return key + _append_value(field.type, value, "    ") + "    out += ',';\n"
    present = _append_value(field.type, "*" + value, "        ")
    if field.is_omitted_when_empty:
        return f"    if ({value}) {{\n    {key}{present}        out += ',';\n    }}\n"
    return f"{key}    if ({value}) {{\n{present}    }} else {{\n        out += \"null\";\n    }}\n    out += ',';\n"


def _append_value(kind, value, indent):
    if isinstance(kind, model.Array):
        item = _append_value(kind.items, "item", indent + "    ")
        return (f"{indent}out += '[';\n{indent}for (const auto& item : {value}) {{\n{item}{indent}    out += ',';\n"
                f"{indent}}}\n{indent}close(out, ']');\n")
    functions = {model.String: "append_json_string", model.Id: "append_id", model.Timestamp: "append_timestamp",
                 model.Boolean: "append_boolean", model.Integer: "append_integer", model.Number: "append_number",
                 model.Duration: "append_duration", model.FreeObject: "append_free_object",
                 model.FreeValue: "append_free_value", model.ObjectText: "append_json_string",
                 model.StringOrInteger: "append_string_or_integer", model.Named: "append_json"}
    return f"{indent}{functions[type(kind)]}(out, {value});\n"


# Public functions

def _functions(schema, types):
    if isinstance(schema, model.Enum):
        return _enum_functions(schema)
    if not isinstance(schema, model.Object):
        return ""
    name = snake(schema.name)
    return (f"{schema.name} parse_{name}(const nlohmann::json& json, UnknownFields unknown)\n{{\n"
            f"    return detail::parse<{schema.name}>(json, unknown, {string_literal(schema.name)});\n}}\n\n"
            f"{_query_function(schema) if schema.is_query else ''}"
            f"void append_json(std::string& out, const {schema.name}& value)\n{{\n"
            f"    out += '{{';\n    detail::append_members(out, value);\n    detail::close(out, '}}');\n}}\n\n"
            f"std::string to_json(const {schema.name}& value)\n{{\n"
            f"    std::string out;\n    out.reserve({_size_hint(schema, types)});\n"
            f"    append_json(out, value);\n    return out;\n}}\n")


def _size_hint(schema, types):
    """About what a usual value takes, so that writing one allocates once."""
    sizes = {model.Id: 40, model.Timestamp: 28, model.Boolean: 6, model.Integer: 8, model.Number: 12, model.String: 32,
             model.StringOrInteger: 40, model.Duration: 8, model.FreeObject: 64, model.FreeValue: 64,
             model.ObjectText: 64, model.Array: 256}
    total = 2
    for field in schema.fields:
        total += len(field.name) + 4
        if isinstance(field.type, model.Named):
            named = types[field.type.name]
            total += _size_hint(named, types) if isinstance(named, model.Object) else 14
        else:
            total += sizes[type(field.type)]
    return total


def _query_function(schema):
    kinds = {model.Integer: "integer", model.Number: "number", model.Boolean: "boolean"}
    fields = "".join(f"        {{{string_literal(field.name)}, detail::QueryKind::{kinds[type(field.type)]}}},\n"
                     for field in schema.fields if type(field.type) in kinds)
    head = f"{schema.name} parse_{snake(schema.name)}_query(QueryParameters query)\n{{\n"
    if not fields:
        return head + (f"    return detail::parse_query<{schema.name}>(query, {{}}, "
                       f"{string_literal(schema.name)});\n}}\n\n")
    return head + (f"    static constexpr detail::QueryField kFields[] = {{\n{fields}    }};\n"
                   f"    return detail::parse_query<{schema.name}>(query, kFields, "
                   f"{string_literal(schema.name)});\n}}\n\n")


def _enum_functions(schema):
    cases = "".join(f"        case {schema.name}::{identifier(value)}: return {string_literal(value)};\n"
                    for value in schema.values)
    tests = "".join(f"    if (text == {string_literal(value)}) return {schema.name}::{identifier(value)};\n"
                    for value in schema.values)
    return (f"std::string_view to_string({schema.name} value) noexcept\n{{\n    switch (value) {{\n{cases}    }}\n"
            f"    return {{}};\n}}\n\n"
            f"std::optional<{schema.name}> {snake(schema.name)}_from_string(std::string_view text) noexcept\n{{\n"
            f"{tests}    return std::nullopt;\n}}\n")
