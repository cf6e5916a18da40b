#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "lintel/contracts/buildings.hpp"
#include "lintel/contracts/common.hpp"
#include "lintel/contracts/main_endpoints.hpp"
#include "lintel/contracts/workflows.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace {

using namespace lintel;
using nlohmann::json;

/// "pointer detail" of the only fault.
template <class Parse>
std::string fault(Parse&& parse)
{
    try {
        parse();
    } catch (const core::Error& error) {
        CHECK(error.fields().size() == 1);
        return error.fields().at(0).pointer + " " + error.fields().at(0).detail;
    }
    return "(none)";
}

std::string building_fault(const json& document)
{
    return fault([&] { contracts::parse_building_create(document); });
}

std::string repeated(std::string_view text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

}  // namespace

TEST_CASE("a fault says what was expected and what was found")
{
    CHECK(building_fault(json::array()) == " must be an object, is an array");
    CHECK(building_fault({{"name", 7}}) == "/name must be a string, is 7");
    CHECK(building_fault({{"name", ""}}) == "/name must not be empty");
    CHECK(building_fault({{"name", repeated("ü", 201)}}) ==
          "/name must have at most 200 characters, has 201");
    CHECK(building_fault({{"name", "x"}, {"floors", 1.9}}) == "/floors must be an integer, is 1.9");
    CHECK(building_fault({{"name", "x"}, {"floors", true}}) == "/floors must be an integer, is true");
    CHECK(building_fault({{"name", "x"}, {"floors", 301}}) == "/floors must be at most 300, is 301");
    CHECK(building_fault({{"name", "x"}, {"floors", -1}}) == "/floors must be at least 0, is -1");
    CHECK(building_fault({{"name", "x"}, {"parentId", "y"}}) == "/parentId must be a UUID, is \"y\"");
    CHECK(building_fault({{"name", "x"}, {"colour", 1}}) == "/colour is not a known field");
    CHECK(building_fault({{"kind", "store"}}) == "/name is required");
    CHECK(
        building_fault({{"name", "x"}, {"kind", "castle"}}) ==
        "/kind must be one of headquarters, store, warehouse, office, residential, school, hotel, other, is "
        "\"castle\"");
}

TEST_CASE("what a fault repeats of the caller's text is bounded and stays UTF-8")
{
    const auto detail = building_fault({{"name", "x"}, {"kind", repeated("ü", 5000)}});
    CHECK(detail.size() < 300);
    CHECK(json(detail).dump().size() > 0);

    CHECK(building_fault({{"name", "x"}, {repeated("k", 5000), 1}}) ==
          " has an unknown field with a name of 5000 bytes");

    json many = json::object();
    for (int i = 0; i < 5000; ++i)
        many["unknown" + std::to_string(i)] = i;
    try {
        contracts::parse_building_create(many);
        FAIL("taken");
    } catch (const core::Error& error) {
        CHECK(error.fields().size() == 100);
        CHECK(std::string{error.what()} == "BuildingCreate is invalid: /name is required, and 99 more.");
    }
}

TEST_CASE("a reply may have fields that are not known yet, a request may not")
{
    contracts::Workflow workflow;
    workflow.name = "inspect";
    workflow.building_id = 42;
    workflow.version = 1;
    json reply = json::parse(contracts::to_json(workflow));
    reply["colour"] = 3;
    reply["owner"]["teamId"] = "t";
    CHECK(contracts::WorkflowsCreate::parse_reply(reply).building_id == contracts::BuildingReference{42});
    CHECK_THROWS_AS(contracts::parse_workflow(reply), core::Error);

    const json request{{"name", "inspect"}, {"buildingId", 42}, {"priority", 3}};
    CHECK_THROWS_AS(contracts::WorkflowsCreate::parse_request(request), core::Error);
}

TEST_CASE("endpoints carry what the AsyncAPI documents say")
{
    using contracts::WorkflowsCreate;
    CHECK(WorkflowsCreate::kName == "workflows-create");
    CHECK(WorkflowsCreate::kSubject == "workflows.create");
    CHECK(WorkflowsCreate::kQueueGroup == "workflows-service");
    CHECK(WorkflowsCreate::kService == "workflows");
    CHECK(contracts::BuildingsGet::kQueueGroup == "main-service");
    CHECK(
        WorkflowsCreate::to_json(WorkflowsCreate::Request{.name = "a", .building_id = "b"}) ==
        R"({"name":"a","buildingId":"b","owner":{"userId":null,"orgId":null},"attributes":{},"metadata":{}})");
}

TEST_CASE("a building with its workflow is made of the two")
{
    const contracts::Building building{.name = "x", .version = 1};
    const contracts::WorkflowSummary workflow{.name = "inspect", .building_id = building.id.to_string()};
    const contracts::BuildingWithWorkflow both{building, workflow};
    const auto parsed = contracts::parse_building_with_workflow(json::parse(contracts::to_json(both)));
    CHECK(parsed == both);
    CHECK(static_cast<const contracts::Building&>(parsed) == building);
}

TEST_CASE("absent optionals are left out, what is always there is not")
{
    const contracts::Building building{.name = "x", .version = 1};
    const auto document = json::parse(contracts::to_json(building));
    CHECK_FALSE(document.contains("category"));
    CHECK(document.at("deletedAt").is_null());
    CHECK(document.at("owner") == json{{"userId", nullptr}, {"orgId", nullptr}});
    CHECK(document.at("createdAt") == "1970-01-01T00:00:00.000Z");
    CHECK(document.begin().key() == "attributes");  // json sorts
    CHECK(contracts::to_json(building).starts_with(R"({"id":"00000000-)"));
}

TEST_CASE("the codes of problems are those of core::ErrorCode")
{
    constexpr auto kLast = static_cast<int>(contracts::ProblemCode::deadline_exceeded);
    CHECK(kLast == static_cast<int>(core::ErrorCode::deadline_exceeded));
    for (int code = 0; code <= kLast; ++code) {
        CHECK(to_string(static_cast<contracts::ProblemCode>(code)) ==
              to_string(static_cast<core::ErrorCode>(code)));
    }
}
