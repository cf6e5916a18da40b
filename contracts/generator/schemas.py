"""Reads the restricted subset of JSON Schema 2020-12 into the model. README.md documents the subset."""

from dataclasses import replace

import durations
import model
from documents import ContractError, Place
from naming import ENUMERATOR, FIELD, TYPE
from patterns import PatternError, compile_pattern

ANNOTATIONS = {"$schema", "title", "description"}
INT64 = (-(2**63), 2**63 - 1)


class Schemas:
    """All schemas under schemas/, by name; `types` is what C++ is generated for."""

    def __init__(self, documents):
        self.documents = documents
        self.files = {}
        self.types = {}
        self._in_progress = []
        for file in documents.names("schemas/**/*.yaml"):
            self._register(file)
        for name in self.files:
            self._require(name, None)

    def context_of(self, file):
        return file.split("/")[1]

    def name_of(self, file):
        return file.rsplit("/", 1)[1].removesuffix(".yaml")

    def _register(self, file):
        place, name = Place(file), self.name_of(file)
        node = self.documents.load(file)
        if file.count("/") != 2:
            raise ContractError(place, "a schema belongs into schemas/<context>/")
        if not TYPE.match(name) or not isinstance(node, dict) or node.get("title") != name:
            raise ContractError(place, f"title must be the file's name, {name}, in PascalCase")
        if name in self.files:
            raise ContractError(place, f"there is a {name} already: {self.files[name]}")
        self.files[name] = file

    def _require(self, name, referrer):
        """The model of a schema with a file of its own, read on first use; None when C++ has none of it."""
        file = self.files[name]
        node, place = self.documents.load(file), Place(file)
        if "x-mixin" in node or node.get("x-cpp") is False:
            if referrer is not None:
                raise ContractError(referrer, f"{name} is not generated, so nothing generated can hold one")
            return None
        if name in self._in_progress:
            raise ContractError(referrer, f"{name} contains itself")
        if name not in self.types:
            self._in_progress.append(name)
            self.types[name] = self._read_file(name, place, node)
            self._in_progress.pop()
        return self.types[name]

    def _read_file(self, name, place, node):
        context, description = self.context_of(place.file), node.get("description", "")
        if "enum" in node:
            return model.Enum(name, context, description, self._enum(place, node))
        if node.get("type") == "object" and not self._is_free(node):
            return self._object(name, context, description, place, node)
        kind, nullable = self._type(place, node, set())
        if nullable:
            raise ContractError(place, "a schema of its own cannot be null; say so where it is used")
        if isinstance(kind, model.StringOrInteger):
            kind = replace(kind, alias=name)
        return model.Alias(name, context, description, kind)

    # Objects

    def _object(self, name, context, description, place, node):
        self._allow(place, node, {"type", "properties", "required", "additionalProperties", "unevaluatedProperties",
                                  "allOf", "minProperties", "x-base", "x-query"})
        closing = "unevaluatedProperties" if "allOf" in node else "additionalProperties"
        if node.get(closing) is not False:
            raise ContractError(place, f"must be closed with {closing}: false")
        fields = self._fields(place, node)
        base = node.get("x-base")
        if base is not None:
            self._check_base(place, base, fields)
        is_query = node.get("x-query", False)
        if is_query:
            self._check_query(place, fields)
        least, _ = self._limits(place, node, "minProperties", "maxProperties")
        return model.Object(name, context, description, tuple(fields), base, is_query, least)

    def _fields(self, place, node):
        """The fields of an object, of its own and of its mixins, in the order of the file."""
        fields = {}
        for keyword in node:
            found = []
            if keyword == "properties":
                found = [self._field(place / "properties" / key, key, value)
                         for key, value in node["properties"].items()]
            elif keyword == "allOf":
                found = [field for at, part in enumerate(node["allOf"])
                         for field in self._mixin(place / "allOf" / at, part)]
            for field in found:
                if field.name in fields:
                    raise ContractError(place, f"{field.name} is defined twice")
                fields[field.name] = field
        for name in node.get("required", []):
            if name not in fields:
                raise ContractError(place / "required", f"{name} is not a property")
            fields[name] = replace(fields[name], required=True)
        return list(fields.values())

    def _mixin(self, place, part):
        if set(part) != {"$ref"}:
            raise ContractError(place, "allOf takes references to mixins only")
        target = self.documents.target(place, part["$ref"])
        node = self.documents.at(target)
        if node.get("x-mixin") is not True:
            raise ContractError(place, f"{target} is no mixin (x-mixin: true)")
        self._allow(target, node, {"type", "properties", "required", "allOf", "x-mixin"})
        return self._fields(target, node)

    def _field(self, place, name, node):
        if not FIELD.match(name):
            raise ContractError(place, "a field's name must be camelCase")
        kind, nullable = self._type(place, node, {"default"})
        default = None
        if "default" in node:
            default = model.Default(node["default"])
            self._check_default(place / "default", kind, nullable, default.value)
        return model.Field(name, kind, False, nullable, default, self._description(place, node))

    def _description(self, place, node):
        if "description" in node or "$ref" not in node:
            return node.get("description", "")
        return self.documents.at(self.documents.target(place, node["$ref"])).get("description", "")

    def _check_base(self, place, base, fields):
        if base not in self.files:
            raise ContractError(place / "x-base", f"there is no schema {base}")
        parent = self._require(base, place / "x-base")
        own = {field.name: field for field in fields}
        if not isinstance(parent, model.Object) or any(own.get(f.name) != f for f in parent.fields):
            raise ContractError(place / "x-base", f"not every field of {base} is here as it is there")

    def _check_query(self, place, fields):
        for field in fields:
            scalar = isinstance(field.type, (model.String, model.Id, model.Timestamp, model.Integer, model.Number,
                                             model.Boolean, model.StringOrInteger, model.ObjectText,
                                             model.Duration))
            enum = isinstance(field.type, model.Named) and isinstance(self.types[field.type.name], model.Enum)
            if field.required or field.nullable or not (scalar or enum):
                raise ContractError(place, f"{field.name} cannot be an optional parameter of a query")

    # Values

    def _type(self, place, node, extra):
        """The type a schema describes, and whether null is taken too."""
        if not isinstance(node, dict):
            raise ContractError(place, "must be a schema with keywords")
        if "$ref" in node:
            return self._reference(place, node, extra)
        if "oneOf" in node:
            return self._one_of(place, node, extra), False
        if "type" not in node and self._is_free(node):
            return self._free(place, node, extra, model.FreeValue), False
        name, nullable = self._type_name(place, node)
        readers = {"string": self._string, "integer": self._integer, "number": self._number,
                   "boolean": self._boolean, "array": self._array, "object": self._free_object}
        if name not in readers:
            raise ContractError(place / "type", f"type {name!r} is not taken")
        return readers[name](place, node, extra | {"type"}), nullable

    def _type_name(self, place, node):
        name = node.get("type")
        if isinstance(name, list):
            if len(name) == 2 and name[1] == "null":
                return name[0], True
            raise ContractError(place / "type", "a list of types must be [something, 'null']")
        return name, False

    def _reference(self, place, node, extra):
        self._allow(place, node, extra | {"$ref"})
        target = self.documents.target(place, node["$ref"])
        if not target.file.startswith("schemas/"):
            raise ContractError(place, f"{target} is not under schemas/")
        if target.pointer:
            return self._type(target, self.documents.at(target), extra)
        name = self.name_of(target.file)
        referred = self._require(name, place)
        if isinstance(referred, model.Alias):
            return referred.type, False
        return model.Named(name), False

    def _one_of(self, place, node, extra):
        self._allow(place, node, extra | {"oneOf"})
        parts = [self._type(place / "oneOf" / at, part, set()) for at, part in enumerate(node["oneOf"])]
        kinds = [kind for kind, nullable in parts if not nullable]
        if [type(kind) for kind in kinds] != [model.String, model.Integer]:
            raise ContractError(place / "oneOf", "takes a string and an integer, in this order, and nothing else")
        return model.StringOrInteger(*kinds)

    def _string(self, place, node, extra):
        if "enum" in node:
            raise ContractError(place / "enum", "give an enum a file of its own, so that its type has a name")
        text_format = node.get("format")
        if text_format is not None:
            self._allow(place, node, extra | {"format"})
            formats = {"uuid": model.Id(), "date-time": model.Timestamp()}
            if text_format not in formats:
                raise ContractError(place / "format", f"format {text_format!r} is not taken")
            return formats[text_format]
        if "contentMediaType" in node:
            return self._object_text(place, node, extra)
        if "x-duration" in node:
            return self._duration(place, node, extra)
        self._allow(place, node, extra | {"minLength", "maxLength", "pattern"})
        if "pattern" in node:
            try:
                compile_pattern(node["pattern"])
            except PatternError as error:
                raise ContractError(place / "pattern", str(error)) from None
        minimum, maximum = self._limits(place, node, "minLength", "maxLength")
        if maximum is None and "pattern" not in node:
            raise ContractError(place, "a string needs maxLength, a pattern or a format")
        return model.String(minimum, maximum, node.get("pattern"))

    def _object_text(self, place, node, extra):
        self._allow(place, node, extra | {"maxLength", "contentMediaType", "x-max-depth"})
        limits = node.get("maxLength"), node.get("x-max-depth")
        if node["contentMediaType"] != "application/json" or any(type(limit) is not int for limit in limits):
            raise ContractError(place, "an object's text needs application/json, maxLength and x-max-depth")
        return model.ObjectText(*limits)

    def _duration(self, place, node, extra):
        self._allow(place, node, extra | {"pattern", "x-duration"})
        if node.get("pattern") != durations.PATTERN:
            raise ContractError(place / "pattern", f"a duration needs the pattern {durations.PATTERN}")
        return model.Duration()

    def _integer(self, place, node, extra):
        self._allow(place, node, extra | {"format", "minimum", "maximum", "x-clamp-maximum"})
        if node.get("format") != "int64":
            raise ContractError(place / "format", "an integer needs format: int64")
        for key in ("minimum", "maximum", "x-clamp-maximum"):
            value = node.get(key, 0)
            if type(value) is not int or not INT64[0] <= value <= INT64[1]:
                raise ContractError(place / key, "must be an integer of 64 bits")
        return model.Integer(node.get("minimum"), node.get("maximum"), node.get("x-clamp-maximum"))

    def _number(self, place, node, extra):
        keys = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        self._allow(place, node, extra | set(keys))
        for key in keys:
            if type(node.get(key, 0)) not in (int, float):
                raise ContractError(place / key, "must be a number")
        return model.Number(*(node.get(key) for key in keys))

    def _boolean(self, place, node, extra):
        self._allow(place, node, extra)
        return model.Boolean()

    def _array(self, place, node, extra):
        self._allow(place, node, extra | {"items", "minItems", "maxItems"})
        minimum, maximum = self._limits(place, node, "minItems", "maxItems")
        if maximum is None or "items" not in node:
            raise ContractError(place, "an array needs items and maxItems")
        items, nullable = self._type(place / "items", node["items"], set())
        if nullable or isinstance(items, model.Array):
            raise ContractError(place / "items", "elements cannot be null or arrays")
        return model.Array(items, minimum, maximum)

    def _is_free(self, node):
        return "x-max-bytes" in node

    def _free_object(self, place, node, extra):
        if "properties" in node or "allOf" in node:
            raise ContractError(place, "give an object a file of its own, so that its type has a name")
        return self._free(place, node, extra, model.FreeObject)

    def _free(self, place, node, extra, kind):
        self._allow(place, node, extra | {"x-max-bytes", "x-max-depth"})
        limits = node.get("x-max-bytes"), node.get("x-max-depth")
        if any(type(limit) is not int or limit < 1 for limit in limits):
            raise ContractError(place, "what is free needs x-max-bytes and x-max-depth")
        return kind(*limits)

    def _enum(self, place, node):
        self._allow(place, node, {"type", "enum"})
        values = node["enum"]
        if node.get("type") != "string" or not values:
            raise ContractError(place / "enum", "takes strings only")
        for at, value in enumerate(values):
            if not isinstance(value, str) or not ENUMERATOR.match(value) or values.count(value) > 1:
                raise ContractError(place / "enum" / at, f"{value!r} is no name for an enumerator, or is there twice")
        return tuple(values)

    # Checks

    def _allow(self, place, node, keywords):
        for keyword in node:
            if keyword not in keywords and keyword not in ANNOTATIONS:
                raise ContractError(place / keyword, f"keyword {keyword} is not taken here")

    def _limits(self, place, node, minimum, maximum):
        low, high = node.get(minimum, 0), node.get(maximum)
        for key, value in ((minimum, low), (maximum, 0 if high is None else high)):
            if type(value) is not int or value < 0:
                raise ContractError(place / key, "must be a whole number from 0")
        if high is not None and high < low:
            raise ContractError(place / maximum, f"is less than {minimum}")
        return low, high

    def _check_default(self, place, kind, nullable, value):
        if isinstance(kind, model.FreeValue):
            fits = value is None
        elif value is None or nullable:
            fits = value is None and nullable
        elif isinstance(kind, model.Duration):
            fits = durations.is_duration(value)
        elif isinstance(kind, model.Named):
            named = self.types[kind.name]
            if isinstance(named, model.Enum):
                fits = value in named.values
            else:
                fits = value == {} and not any(field.required for field in named.fields)
        elif isinstance(kind, (model.FreeObject, model.Array)):
            fits = value == ({} if isinstance(kind, model.FreeObject) else [])
        else:
            scalars = {model.String: (str,), model.Boolean: (bool,), model.Integer: (int,), model.Number: (int, float)}
            fits = type(value) in scalars.get(type(kind), ())
        if not fits:
            raise ContractError(place, f"{value!r} cannot be the default here")
