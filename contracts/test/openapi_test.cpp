#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "lintel/contracts/openapi.hpp"

namespace {

using nlohmann::json;

void check_references(const json& node, const json& document)
{
    for (const auto& [key, value] : node.items()) {
        // A property may be called so too, and is then a schema.
        if (key == "$ref" && value.is_string()) {
            const auto& reference = value.get_ref<const std::string&>();
            CAPTURE(reference);
            REQUIRE(reference.starts_with("#/"));
            CHECK(document.contains(json::json_pointer(reference.substr(1))));
        } else if (value.is_structured()) {
            check_references(value, document);
        }
    }
}

}  // namespace

TEST_CASE("the embedded OpenAPI document stands on its own")
{
    const auto document = json::parse(lintel::contracts::openapi_json());
    CHECK(document.at("openapi") == "3.1.0");
    CHECK(document.at("paths").contains("/v1/buildings"));
    CHECK(document.at("components").at("schemas").at("BuildingCreate").contains("examples"));
    check_references(document, document);
}
