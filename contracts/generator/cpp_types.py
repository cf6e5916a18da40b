"""How the model is spelt in C++."""

import json
import math

import durations
import model
from naming import identifier


def string_literal(text):
    """An ordinary literal; C++ reads JSON's escapes the same way, of those that occur in names and messages."""
    return json.dumps(text, ensure_ascii=False)


def raw_literal(text):
    return f'R"({text})"'


def comment(text, indent=""):
    """`///` lines of at most 110 columns."""
    words, lines, line = text.split(), [], ""
    for word in words:
        if line and len(indent) + 4 + len(line) + 1 + len(word) > 110:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        lines.append(line)
    return "".join(f"{indent}/// {line}\n" for line in lines)


def value_type(kind):
    simple = {
        model.String: "std::string", model.FreeObject: "std::string", model.FreeValue: "std::string",
        model.ObjectText: "std::string", model.Id: "core::Id", model.Timestamp: "core::Timestamp",
        model.Duration: "std::chrono::milliseconds", model.Boolean: "bool", model.Integer: "std::int64_t",
        model.Number: "double",
    }
    if type(kind) in simple:
        return simple[type(kind)]
    if isinstance(kind, model.Array):
        return f"std::vector<{value_type(kind.items)}>"
    if isinstance(kind, model.StringOrInteger):
        return kind.alias or "std::variant<std::string, std::int64_t>"
    return kind.name


def member_type(field):
    kind = value_type(field.type)
    return f"std::optional<{kind}>" if field.is_optional else kind


def initializer(field, types):
    """What a member is before anything is read: the contract's default, else zero.

    Every member has one, so that designated initialisers may leave it out without a warning.
    """
    if field.is_optional:
        return "{}"
    value = field.default.value if field.default else None
    kind = field.type
    if isinstance(kind, (model.FreeObject, model.ObjectText)):
        return ' = "{}"'
    if isinstance(kind, model.FreeValue):
        return ' = "null"'
    if isinstance(kind, model.Duration):
        return f"{{{durations.milliseconds(value)}}}" if value else "{}"
    if isinstance(kind, model.String):
        return f" = {string_literal(value)}" if value else "{}"
    if isinstance(kind, model.Boolean):
        return f" = {'true' if value else 'false'}"
    if isinstance(kind, model.Integer):
        return f" = {integer_literal(value or 0)}"
    if isinstance(kind, model.Number):
        return f" = {number_literal(value or 0)}"
    if isinstance(kind, model.Named) and isinstance(types[kind.name], model.Enum):
        return f" = {kind.name}::{identifier(value or types[kind.name].values[0])}"
    return "{}"


def integer_literal(value):
    return "std::numeric_limits<std::int64_t>::min()" if value == -(2**63) else str(value)


def number_literal(value):
    text = repr(float(value))
    assert math.isfinite(float(value))
    return text


def braces(**values):
    """Designated initialisers of what is not None."""
    return "{" + ", ".join(f".{key} = {value}" for key, value in values.items() if value is not None) + "}"
