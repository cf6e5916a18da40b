#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "lintel/contracts/buildings.hpp"
#include "lintel/contracts/workflows.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace {

using namespace lintel;

double through_json(double value)
{
    const auto text = contracts::to_json(contracts::BuildingCreate{.name = "x", .floor_area_m2 = value});
    return contracts::parse_building_create(core::parse_json(text)).floor_area_m2.value();
}

std::int64_t reference(const std::string& number)
{
    const auto text = R"({"name":"x","buildingId":)" + number + "}";
    return std::get<std::int64_t>(contracts::parse_workflow_create(core::parse_json(text)).building_id);
}

}  // namespace

TEST_CASE("doubles come back bit by bit")
{
    using limits = std::numeric_limits<double>;
    for (const double value :
         {0.0, 0.1, 1.0 / 3.0, 1.0, 123456789.125, 1e15, 1e16, 1e17, 1e21, 1e22, 9007199254740993.0, 5e-324,
          limits::min(), limits::max(), limits::denorm_min(), 4.35, 2.2250738585072011e-308}) {
        CAPTURE(value);
        CHECK(through_json(value) == value);
    }
}

TEST_CASE("doubles are written as short as can be")
{
    CHECK(contracts::to_json(contracts::Location{0.1, -122.33799}) ==
          R"({"latitude":0.1,"longitude":-122.33799})");
    CHECK(contracts::to_json(contracts::Location{12, -0.5}) == R"({"latitude":12,"longitude":-0.5})");
}

TEST_CASE("what JSON cannot say is not written")
{
    const contracts::Location nowhere{std::nan(""), 0};
    CHECK_THROWS_AS(contracts::to_json(nowhere), core::Error);
    const contracts::Location far{0, std::numeric_limits<double>::infinity()};
    CHECK_THROWS_AS(contracts::to_json(far), core::Error);
}

TEST_CASE("integers keep all of their 64 bits")
{
    CHECK(reference("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
    CHECK(reference("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
    CHECK(reference("9007199254740993") == 9007199254740993);
    CHECK_THROWS_AS(reference("9223372036854775808"), core::Error);
    CHECK_THROWS_AS(reference("9223372036854775807.0"), core::Error);  // as a double it is 2^63
    CHECK_THROWS_AS(reference("1e19"), core::Error);
    CHECK_THROWS_AS(reference("-1e19"), core::Error);
}

TEST_CASE("an integer may be written as a whole float, and nothing else")
{
    CHECK(reference("1.0") == 1);
    CHECK(reference("1e3") == 1000);
    CHECK(reference("-0.0") == 0);
    CHECK(reference("-9223372036854775808.0") == std::numeric_limits<std::int64_t>::min());
    CHECK_THROWS_AS(reference("1.9"), core::Error);
    CHECK_THROWS_AS(reference("1e-3"), core::Error);
    CHECK_THROWS_AS(reference("true"), core::Error);
}
