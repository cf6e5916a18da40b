#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "lintel/contracts/buildings.hpp"
#include "lintel/contracts/workflows.hpp"
#include "lintel/core/error.hpp"

namespace {

using namespace lintel;
using Query = std::vector<std::pair<std::string, std::string>>;

std::string faults(const Query& query)
{
    try {
        contracts::parse_building_list_query(query);
    } catch (const core::Error& error) {
        CHECK(error.code() == core::ErrorCode::invalid);
        std::string all;
        for (const auto& field : error.fields())
            all += field.pointer + " " + field.detail + "\n";
        return all;
    }
    return "(none)";
}

}  // namespace

TEST_CASE("a query is read like the document it stands for")
{
    const Query query{{"kind", "store"}, {"city", "Zürich"}, {"pageSize", "10"}, {"pageToken", "abc"}};
    const auto list = contracts::parse_building_list_query(query);
    CHECK(list.kind == contracts::BuildingKind::store);
    CHECK(list.city == "Zürich");
    CHECK(list.page_size == 10);
    CHECK(list.page_token == "abc");
    CHECK_FALSE(list.category);
}

TEST_CASE("page sizes have a default and a most")
{
    CHECK(contracts::parse_building_list_query({}).page_size == 50);
    CHECK(contracts::parse_building_list_query(Query{{"pageSize", "201"}}).page_size == 200);
    CHECK(faults({{"pageSize", "0"}}) == "/pageSize must be at least 1, is 0\n");
    CHECK(faults({{"pageSize", "-1"}}) == "/pageSize must be at least 1, is -1\n");
}

TEST_CASE("numbers in a query are numbers to the last character")
{
    for (const char* text : {"", " 1", "1 ", "+1", "1.0", "0x10", "ten", "1e2"}) {
        CAPTURE(text);
        CHECK(faults({{"pageSize", text}}) ==
              "/pageSize must be an integer, is \"" + std::string{text} + "\"\n");
    }
}

TEST_CASE("an integer of any size asks for the largest page")
{
    CHECK(contracts::parse_building_list_query(Query{{"pageSize", "99999999999999999999"}}).page_size == 200);
    CHECK(faults({{"pageSize", "-99999999999999999999"}}).starts_with("/pageSize must be at least 1"));
}

TEST_CASE("every fault of a query is named")
{
    CHECK(faults({{"kind", "x"}, {"limit", "1"}, {"city", ""}, {"city", "b"}}) ==
          "/city is given more than once\n"
          "/kind must be one of headquarters, store, warehouse, office, residential, school, hotel, other, "
          "is \"x\"\n"
          "/city must not be empty\n"
          "/limit is not a known field\n");
}

TEST_CASE("a reference to a building stays the text it is in a query")
{
    const auto list = contracts::parse_workflow_list_query(Query{{"buildingId", "42"}});
    CHECK(list.building_id == contracts::BuildingReference{"42"});
}
