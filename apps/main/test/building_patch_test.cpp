#include "building_patch.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"

using namespace lintel;
using nlohmann::json;

namespace {

contracts::Building store()
{
    contracts::BuildingCreate request;
    request.name = "Flagship store";
    request.kind = contracts::BuildingKind::store;
    request.address = contracts::Address{.street = "Pine St 1",
                                         .city = "Seattle",
                                         .region = std::nullopt,
                                         .postal_code = std::nullopt,
                                         .country = std::nullopt};
    request.attributes = R"({"doors":{"north":2,"south":1}})";
    return main::new_building(request);
}

std::vector<core::FieldError> faults_of(const json& patch)
{
    try {
        main::apply_patch(store(), patch);
    } catch (const core::Error& error) {
        return error.fields();
    }
    return {};
}

}  // namespace

TEST_CASE("a new building is version 1 of this moment")
{
    const auto building = store();
    CHECK(building.version == 1);
    CHECK(!building.id.is_nil());
    CHECK(building.created_at == building.updated_at);
    CHECK(!building.deleted_at);
}

TEST_CASE("a patch changes what it names and nothing else (RFC 7396)")
{
    const auto before = store();
    const auto after = main::apply_patch(
        before, json::parse(R"({"name":"Corner store","address":{"street":null,"postalCode":"98101"},
                                "attributes":{"doors":{"north":null}}})"));
    CHECK(after.name == "Corner store");
    CHECK(after.kind == contracts::BuildingKind::store);
    CHECK(!after.address->street);
    CHECK(after.address->city == "Seattle");
    CHECK(after.address->postal_code == "98101");
    CHECK(after.attributes == R"({"doors":{"south":1}})");
    CHECK(after.version == 2);
    CHECK(after.id == before.id);
    CHECK(after.created_at == before.created_at);
}

TEST_CASE("null removes a field or sets its default again")
{
    const auto after =
        main::apply_patch(store(), json::parse(R"({"kind":null,"address":null,"attributes":null})"));
    CHECK(after.kind == contracts::BuildingKind::other);
    CHECK(!after.address);
    CHECK(after.attributes == "{}");
}

TEST_CASE("an address in which nothing is said is none")
{
    CHECK(!main::apply_patch(store(), json::parse(R"({"address":{"street":null,"city":null}})")).address);
}

TEST_CASE("a patch that changes nothing makes no new version")
{
    const auto before = store();
    CHECK(main::apply_patch(before, json::parse(R"({"name":"Flagship store","yearBuilt":null})")) == before);
    CHECK(main::apply_patch(before, json::object()) == before);
}

TEST_CASE("the result must be a building that could be created")
{
    CHECK(faults_of(json::parse(R"({"name":null})")).front().pointer == "/name");
    CHECK(faults_of(json::parse(R"({"floors":1.5})")).front().pointer == "/floors");
    CHECK(faults_of(json::parse(R"({"colour":"red"})")).front().pointer == "/colour");
    CHECK(faults_of(json::parse(R"({"version":7})")).front().pointer == "/version");
    CHECK(faults_of(json::parse("[1]")).front().pointer.empty());
    CHECK(faults_of(json::parse(R"({"location":{"latitude":1}})")).front().pointer == "/location/longitude");
}
