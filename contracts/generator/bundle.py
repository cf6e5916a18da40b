"""openapi.yaml as one JSON document: every schema it refers to is a component of it, with its examples."""

import json

import model
from documents import ContractError, Place

HEADER = """\
// Generated from contracts/. Do not edit.
#pragma once

#include <string_view>

namespace lintel::contracts {

/// The whole of contracts/openapi.yaml as one JSON document, for GET /openapi.json.
std::string_view openapi_json() noexcept;

}  // namespace lintel::contracts
"""

SOURCE = """\
// Generated from contracts/. Do not edit.
#include "lintel/contracts/openapi.hpp"

namespace lintel::contracts {{

std::string_view openapi_json() noexcept
{{
    static constexpr std::string_view kText =
{pieces};
    return kText;
}}

}}  // namespace lintel::contracts
"""

OPENAPI = "openapi.yaml"
DROPPED = {"$schema", "x-mixin", "x-cpp", "x-base", "x-query"}


def source(documents, schemas):
    text = json.dumps(bundle(documents, schemas), ensure_ascii=False, separators=(",", ":"))
    pieces = [json.dumps(text[at:at + 96], ensure_ascii=False) for at in range(0, len(text), 96)]
    return SOURCE.format(pieces="\n".join(f"        {piece}" for piece in pieces))


def bundle(documents, schemas):
    return _Bundler(documents, schemas).run()


class _Bundler:
    def __init__(self, documents, schemas):
        self.documents = documents
        self.schemas = schemas
        self.components = {}

    def run(self):
        self._check_queries()
        document = self._copy(self.documents.load(OPENAPI), Place(OPENAPI))
        components = document.setdefault("components", {})
        own = components.setdefault("schemas", {})
        if set(own) & set(self.components):
            raise ContractError(Place(OPENAPI, "/components/schemas"), "names a schema that has a file of its own")
        own.update(sorted(self.components.items()))
        return document

    def _check_queries(self):
        """An operation with x-query must have the parameters that the schema of that name is parsed from."""
        paths = Place(OPENAPI) / "paths"
        for path, item in self.documents.at(paths).items():
            for method, operation in item.items():
                if not isinstance(operation, dict):
                    continue
                place = paths / path / method
                found = [self._parameter(place / "parameters" / at, parameter)
                         for at, parameter in enumerate(operation.get("parameters", []))]
                names = sorted(parameter["name"] for parameter in found if parameter.get("in") == "query")
                if names or "x-query" in operation:
                    self._check_query(place, operation.get("x-query"), names)

    def _parameter(self, place, parameter):
        return self.documents.at(self.documents.target(place, parameter["$ref"])) if "$ref" in parameter else parameter

    def _check_query(self, place, name, parameters):
        schema = self.schemas.types.get(name)
        if not isinstance(schema, model.Object) or not schema.is_query:
            raise ContractError(place / "x-query", "must name the schema with x-query: true that the query is read as")
        expected = sorted(field.name for field in schema.fields)
        if parameters != expected:
            raise ContractError(place / "parameters", f"must be those of {name}: {', '.join(expected)}")

    def _copy(self, node, place):
        if isinstance(node, list):
            return [self._copy(item, place / at) for at, item in enumerate(node)]
        if not isinstance(node, dict):
            return node
        return {key: self._reference(value, place) if key == "$ref" and isinstance(value, str)
                else self._copy(value, place / key) for key, value in node.items()}

    def _reference(self, reference, place):
        target = self.documents.target(place, reference)
        if target.file == OPENAPI:
            return f"#{target.pointer}"
        name = self.schemas.name_of(target.file)
        if name not in self.components:
            self.components[name] = None  # a schema may refer to itself by way of others
            schema = {key: value for key, value in self.documents.load(target.file).items() if key not in DROPPED}
            self.components[name] = self._copy(schema, Place(target.file)) | self._examples(name)
        return f"#/components/schemas/{name}{target.pointer}"

    def _examples(self, name):
        files = self.documents.names(f"examples/{name}/*.json")
        examples = [json.loads((self.documents.root / file).read_text(encoding="utf-8")) for file in files]
        # Tools that resolve references do not stop at examples, where `$ref` may mean something else.
        examples = [example for example in examples if not _has_member(example, "$ref")]
        return {"examples": examples} if examples else {}


def _has_member(value, name):
    if isinstance(value, dict):
        return name in value or any(_has_member(item, name) for item in value.values())
    return isinstance(value, list) and any(_has_member(item, name) for item in value)
