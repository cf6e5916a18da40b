// Compiles and runs what is generated from generator/tests/golden: one field of each kind, where Lintel's own
// contracts do not have it.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "lintel/contracts/parcels.hpp"
#include "lintel/contracts/parcels_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "registry.hpp"

namespace {

using namespace lintel;
using nlohmann::json;

/// "pointer detail" of the only fault of a parcel that is good but for `change`.
std::string fault(const json& change)
{
    json parcel{{"code", 7}, {"weight", 1.5}, {"sentAt", nullptr}};
    parcel.update(change);
    try {
        contracts::parse_parcel(parcel);
    } catch (const core::Error& error) {
        CHECK(error.fields().size() == 1);
        return error.fields().at(0).pointer + " " + error.fields().at(0).detail;
    }
    return "(none)";
}

}  // namespace

TEST_CASE("a value of every kind comes back as it was")
{
    const contracts::Parcel parcel{.code = "ABC-17",
                                   .size = contracts::Size::default_,
                                   .weight = 0.1,
                                   .fragile = true,
                                   .copies = 3,
                                   .labels = std::vector<std::string>{"a", "bc"},
                                   .parts = {{core::Id::generate()}, {core::Id::generate()}},
                                   .note = "n",
                                   .extra = R"({"a":[1]})",
                                   .keep = std::chrono::milliseconds(1500),
                                   .turn_after = std::chrono::hours(2),
                                   .seal = "[1.5,null]",
                                   .mark = R"("m")",
                                   .sent_at = core::now()};
    const auto text = contracts::to_json(parcel);
    CHECK(contracts::parse_parcel(core::parse_json(text)) == parcel);
    CHECK(text.starts_with(
        R"({"code":"ABC-17","size":"default","weight":0.1,"fragile":true,"copies":3,"labels":["a","bc"])"));
    CHECK(contracts::test::all_types().size() == 4);
}

TEST_CASE("defaults stand for what is absent")
{
    const auto parcel = contracts::parse_parcel({{"code", 7}, {"weight", 1}, {"sentAt", nullptr}});
    CHECK(contracts::to_json(parcel) ==
          R"({"code":7,"size":"small","weight":1,"fragile":false,"copies":1,"parts":[],"note":null,)"
          R"("keep":"30d","mark":null,"sentAt":null})");
    CHECK(parcel.keep == std::chrono::days(30));
    CHECK_FALSE(parcel.seal);
}

TEST_CASE("limits hold to the unit")
{
    CHECK(fault({{"code", "ABC-"}}) == "/code must be a string that matches ^[A-Z]{3}-[0-9]+$, is \"ABC-\"");
    CHECK(fault({{"code", 0}}) == "/code must be at least 1, is 0");
    CHECK(fault({{"code", nullptr}}) == "/code must be a string or an integer, is null");
    CHECK(fault({{"weight", 0}}) == "/weight must be more than 0.0, is 0");
    CHECK(fault({{"weight", 1000.0}}) == "/weight must be less than 1000.0, is 1000.0");
    CHECK(fault({{"weight", 999.9}}) == "(none)");
    CHECK(fault({{"fragile", 1}}) == "/fragile must be true or false, is 1");
    CHECK(fault({{"labels", json::array()}}) == "/labels must have at least 1 elements, has 0");
    CHECK(fault({{"labels", {"a", "b", "c", "d"}}}) == "/labels must have at most 3 elements, has 4");
    CHECK(fault({{"labels", {"a", "B"}}}) == "/labels/1 must be a string that matches ^[a-z]+$, is \"B\"");
    CHECK(fault({{"parts", {{{"id", "x"}}}}}) == "/parts/0/id must be a UUID, is \"x\"");
    CHECK(fault({{"parts", json::object()}}) == "/parts must be an array, is an object");
    CHECK(fault({{"extra", {{"a", "0123456789012"}}}}) == "/extra must be at most 20 bytes as JSON, is 21");
    CHECK(fault({{"extra", {{"a", "012345678901"}}}}) == "(none)");
    CHECK(fault({{"extra", {{"a", {{"b", json::object()}}}}}}) == "/extra must be at most 2 levels deep");
    CHECK(fault({{"extra", {{"a", {{"b", 1}}}}}}) == "(none)");
    CHECK(fault({{"seal", "012345678901234567"}}) == "(none)");
    CHECK(fault({{"seal", "0123456789012345678"}}) == "/seal must be at most 20 bytes as JSON, is 21");
    CHECK(fault({{"seal", {{1}}}}) == "/seal must be at most 1 levels deep");
    CHECK(fault({{"keep", "1h30m"}}) ==
          "/keep must be a duration such as 250ms, 5s, 10m, 24h or 30d, is \"1h30m\"");
    CHECK(fault({{"keep", 5}}).starts_with("/keep must be a duration"));
    CHECK(fault({{"sentAt", "2026-13-01T00:00:00Z"}}) ==
          "/sentAt must be a time as in RFC 3339, is \"2026-13-01T00:00:00Z\"");
    CHECK(fault({{"sentAt", "0000-01-01T00:00:00+00:01"}}).starts_with("/sentAt must be a time"));
    CHECK(fault({{"sentAt", "9999-12-31T23:59:59-00:01"}}).starts_with("/sentAt must be a time"));
    CHECK(contracts::parse_parcel({{"code", 7}, {"weight", 1}, {"sentAt", nullptr}, {"copies", 11}}).copies ==
          10);
}

TEST_CASE("a query has numbers and booleans too")
{
    using Query = std::vector<std::pair<std::string, std::string>>;
    const Query query{
        {"heavierThan", "1.5e1"}, {"fragile", "true"}, {"copies", "-3"}, {"size", "extraLarge"}};
    const auto list = contracts::parse_parcel_list_query(query);
    CHECK(list.heavier_than == 15);
    CHECK(list.fragile == true);
    CHECK(list.copies == -3);
    CHECK(list.size == contracts::Size::extra_large);
    for (const char* text : {"", "1,5", "nan", "inf", "1e999"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(contracts::parse_parcel_list_query(Query{{"heavierThan", text}}), core::Error);
    }
    CHECK_THROWS_AS(contracts::parse_parcel_list_query(Query{{"fragile", "1"}}), core::Error);
}

TEST_CASE("a value of any type is kept as it was, null as well")
{
    const auto seal = [](const json& value) {
        return contracts::parse_parcel(
                   {{"code", 7}, {"weight", 1}, {"sentAt", nullptr}, {"seal", value}, {"mark", value}})
            .seal;
    };
    CHECK(seal(nullptr) == "null");
    CHECK(seal(false) == "false");
    CHECK(seal("a\"b") == R"("a\"b")");
    CHECK(seal(json::array({1, 2.5})) == "[1,2.5]");
    CHECK(seal({{"a", 1}}) == R"({"a":1})");
    CHECK(contracts::to_json(contracts::Parcel{.mark = ""}).find(R"("mark":null)") != std::string::npos);
}

TEST_CASE("a query carries an object as its text, and durations")
{
    using Query = std::vector<std::pair<std::string, std::string>>;
    const auto extra = [](const std::string& text) {
        return contracts::parse_parcel_list_query(Query{{"extra", text}}).extra;
    };
    CHECK(extra(R"({ "a" : [1] })") == R"({"a":[1]})");
    CHECK(extra("{}") == "{}");
    for (const char* text : {"", "[]", "1", "{", R"({"a":[[1]]})", R"({"a":"01234567890123456789012"})"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(extra(text), core::Error);
    }
    CHECK(contracts::parse_parcel_list_query(Query{{"notLongerThan", "5s"}}).not_longer_than ==
          std::chrono::seconds(5));
}

TEST_CASE("an object can need members, whichever they are")
{
    const auto id = core::Id::generate().to_string();
    CHECK_THROWS_WITH(contracts::parse_tracked_part({{"id", id}}),
                      "TrackedPart is invalid: must have at least 2 members.");
    CHECK_NOTHROW(contracts::parse_tracked_part({{"id", id}, {"operator", "o"}}));
}

TEST_CASE("an endpoint whose reply is of the request's type has one serialiser")
{
    CHECK(contracts::ParcelsSend::kName == "parcels-send");
    CHECK(contracts::ParcelsSend::to_json(contracts::Parcel{.weight = 2})
              .starts_with(R"({"code":"","size":"small")"));
}
