#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

#include "faults.hpp"
#include "lintel/core/json.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;
using nlohmann::json;

namespace {

json document_with(const json& schema)
{
    auto document = definition_of(json::array({{{"name", "a"}, {"sleep", {{"for", "1s"}}}}}));
    document["inputSchema"] = schema;
    return document;
}

Pointers schema_faults(const char* schema)
{
    return fault_pointers(document_with(lintel::core::parse_json(schema)));
}

Pointers input_faults(const char* schema, const json& input)
{
    const auto definition = parse_definition(document_with(lintel::core::parse_json(schema)));
    Pointers pointers;
    try {
        check_input(*definition, input);
    } catch (const lintel::core::Error& error) {
        CHECK(error.code() == lintel::core::ErrorCode::invalid);
        for (const auto& fault : error.fields()) {
            CHECK_FALSE(fault.detail.empty());
            pointers.push_back(fault.pointer);
        }
    }
    std::ranges::sort(pointers);
    return pointers;
}

Pointers input_faults(const char* schema, const char* input)
{
    return input_faults(schema, lintel::core::parse_json(input));
}

}  // namespace

TEST_CASE("every fault of an input is told, with its pointer")
{
    const char* schema =
        R"({"type": "object", "additionalProperties": false, "required": ["id", "lines"], "properties": {
        "id": {"type": "string", "format": "uuid"}, "name": {"type": "string", "maxLength": 3},
        "lines": {"type": "array", "items": {"$ref": "#/definitions/line"}}},
        "definitions": {"line": {"type": "object", "required": ["a/b"],
            "properties": {"a/b": {"type": "integer", "minimum": 1}}}}})";
    CHECK(
        input_faults(
            schema, R"({"id": "0192d3a0-0000-7000-8000-000000000000", "lines": [{"a/b": 1}], "name": "üüü"})")
            .empty());
    CHECK(
        input_faults(schema, R"({"id": 1, "name": "four", "lines": [{"a/b": 0}, {}, 7]})") ==
        Pointers{"/input/id", "/input/lines/0/a~1b", "/input/lines/1/a~1b", "/input/lines/2", "/input/name"});
    CHECK(input_faults(schema, "{}") == Pointers{"/input/id", "/input/lines"});
    CHECK(input_faults(schema, "17") == Pointers{"/input"});
}

TEST_CASE("the keywords that are checked")
{
    CHECK(input_faults(R"({"enum": [1, "a"]})", "1").empty());
    CHECK_FALSE(input_faults(R"({"enum": [1, "a"]})", "2").empty());
    CHECK_FALSE(input_faults(R"({"const": {"a": 1}})", "{}").empty());
    CHECK(input_faults(R"({"multipleOf": 0.1})", "0.3").empty());
    CHECK_FALSE(input_faults(R"({"multipleOf": 5})", "5.5").empty());
    CHECK(input_faults(R"({"multipleOf": 5})", R"("no number")").empty());
    CHECK_FALSE(input_faults(R"({"pattern": "^[a-z]+$"})", R"("A")").empty());
    CHECK(input_faults(R"({"pattern": "^[a-z]+$"})", "1").empty());
    CHECK_FALSE(input_faults(R"({"format": "date-time"})", R"("2030-02-30T00:00:00Z")").empty());
    CHECK(input_faults(R"({"format": "date"})", R"("2028-02-29")").empty());
    CHECK_FALSE(input_faults(R"({"format": "date"})", R"("2029-02-29")").empty());
    CHECK(input_faults(R"({"format": "uuid"})", "17").empty());
    CHECK_FALSE(input_faults(R"({"anyOf": [{"type": "string"}, {"minimum": 3}]})", "2").empty());
    CHECK_FALSE(input_faults(R"({"oneOf": [{"type": "integer"}, {"minimum": 3}]})", "4").empty());
    CHECK_FALSE(input_faults(R"({"not": {"type": "null"}})", "null").empty());
    CHECK_FALSE(
        input_faults(R"({"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"type": "null"}})",
                     R"("a")")
            .empty());
    CHECK_FALSE(
        input_faults(R"({"items": [{"type": "string"}], "additionalItems": false})", R"(["a", 1])").empty());
    CHECK_FALSE(input_faults(R"({"uniqueItems": true})", "[1, 1]").empty());
    CHECK_FALSE(input_faults(R"({"contains": {"const": 1}})", "[2]").empty());
    CHECK_FALSE(input_faults(R"({"propertyNames": {"maxLength": 1}})", R"({"ab": 1})").empty());
    CHECK_FALSE(input_faults(R"({"dependencies": {"a": ["b"]}})", R"({"a": 1})").empty());
    CHECK_FALSE(input_faults(R"({"properties": {"a": false}})", R"({"a": 1})").empty());
    CHECK(input_faults(R"({"properties": {"a": true, "pattern": {"type": "integer"}}})",
                       R"({"a": 1, "pattern": 2})")
              .empty());
}

TEST_CASE("a schema that cannot be checked is refused, at its pointer")
{
    CHECK(schema_faults("17") == Pointers{"/inputSchema"});
    CHECK(
        schema_faults(R"({"type": "text", "minLength": -1, "required": "a", "minimum": "1", "uniqueItems": 1,
        "enum": [], "multipleOf": 0, "format": "email", "pattern": "(a+)+$", "allOf": [], "properties": []})") ==
        Pointers{"/inputSchema/allOf", "/inputSchema/enum", "/inputSchema/format", "/inputSchema/minLength",
                 "/inputSchema/minimum", "/inputSchema/multipleOf", "/inputSchema/pattern",
                 "/inputSchema/properties", "/inputSchema/required", "/inputSchema/type",
                 "/inputSchema/uniqueItems"});
    CHECK(schema_faults(R"({"propertys": {}, "patternProperties": {}, "$id": "x", "lintel": {}})") ==
          Pointers{"/inputSchema/$id", "/inputSchema/lintel", "/inputSchema/patternProperties",
                   "/inputSchema/propertys"});
    CHECK(schema_faults(R"({"$schema": "https://json-schema.org/draft/2020-12/schema",
        "properties": {"a/b": {"items": [{"$ref": "#/definitions/x", "minimum": 1}]}}, "definitions": {"x": {}}})") ==
          Pointers{"/inputSchema/$schema", "/inputSchema/properties/a~1b/items/0/minimum"});
}

TEST_CASE("references lead to definitions, and nowhere else")
{
    for (const char* reference :
         {"http://example.com/schema.json", "other.json", "#", "#/properties/a", "#/definitions/",
          "#/definitions/a/b", "file:///etc/passwd", "#/definitions/%61"}) {
        CAPTURE(reference);
        CHECK(fault_pointers(document_with({{"properties", {{"a", {{"$ref", reference}}}}}})) ==
              Pointers{"/inputSchema/properties/a/$ref"});
    }
    CHECK(schema_faults(R"({"$ref": "#/definitions/a"})") == Pointers{"/inputSchema/definitions/a"});
    CHECK(
        schema_faults(
            R"({"$ref": "#/definitions/a", "definitions": {"a": {"items": {"$ref": "#/definitions/a"}}}})") ==
        Pointers{"/inputSchema/definitions/a"});
}

TEST_CASE("a schema that grows without bound is refused before anybody follows it")
{
    json definitions = {{"d0", {{"type", "string"}}}};
    for (int i = 1; i <= 40; ++i) {
        const json below{{"$ref", "#/definitions/d" + std::to_string(i - 1)}};
        definitions["d" + std::to_string(i)] = {{"allOf", {below, below}}};
    }
    CHECK(fault_pointers(document_with({{"$ref", "#/definitions/d40"}, {"definitions", definitions}})) ==
          Pointers{"/inputSchema"});

    json chain = {{"c0", {{"type", "string"}}}};
    for (int i = 1; i < 90; ++i)
        chain["c" + std::to_string(i)] = {
            {"not", {{"not", {{"$ref", "#/definitions/c" + std::to_string(i - 1)}}}}}};
    CHECK(fault_pointers(document_with({{"$ref", "#/definitions/c89"}, {"definitions", chain}})) ==
          Pointers{"/inputSchema"});
}

TEST_CASE("long texts and huge numbers are checked like any other")
{
    const char* schema =
        R"({"properties": {"text": {"pattern": "^[0-9]*x$", "format": "date"}, "number": {"multipleOf": 3}}})";
    CHECK(input_faults(schema, json{{"text", std::string(1 << 20, '7')}}) == Pointers{"/input/text"});
    CHECK_FALSE(input_faults(schema, json{{"number", 1e308}}).size() > 1);
    CHECK(input_faults(R"({"properties": {"n": {"maximum": 5}}})",
                       json{{"n", std::numeric_limits<std::uint64_t>::max()}}) == Pointers{"/input/n"});
}
