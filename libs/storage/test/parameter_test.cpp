#include "lintel/storage/parameter.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "lintel/core/error.hpp"

namespace lintel::storage {
namespace {

std::string text_of(const Parameter& parameter)
{
    return parameter.c_str() ? parameter.c_str() : "NULL";
}

TEST_CASE("values are written as Postgres reads them")
{
    CHECK(text_of(std::nullopt) == "NULL");
    CHECK(text_of(std::optional<std::string>()) == "NULL");
    CHECK(text_of(std::optional<int>(7)) == "7");
    CHECK(text_of("text") == "text");
    CHECK(text_of(std::string_view("view")) == "view");
    CHECK(text_of(true) == "t");
    CHECK(text_of(false) == "f");
    CHECK(text_of(-9223372036854775807LL - 1) == "-9223372036854775808");
    CHECK(text_of(0.1) == "0.1");
    CHECK(text_of(1e300) == "1e+300");
    CHECK(text_of(core::Id()) == "00000000-0000-0000-0000-000000000000");
    CHECK(text_of(core::Timestamp()) == "1970-01-01T00:00:00.000Z");
}

TEST_CASE("U+0000 is refused, alone and in an array")
{
    const std::string text("a\0b", 3);
    CHECK_THROWS_AS(Parameter{text}, core::Error);
    CHECK_THROWS_AS(array_of(std::array{text}), core::Error);
}

TEST_CASE("array literals keep every text apart from their syntax")
{
    const std::vector<std::optional<std::string>> texts{
        "plain", "", "NULL", std::nullopt, "a,b", R"(say "hi" \o/)", "{x}", "ä\n\t "};
    CHECK(text_of(array_of(texts)) ==
          "{\"plain\",\"\",\"NULL\",NULL,\"a,b\",\"say \\\"hi\\\" \\\\o/\",\"{x}\",\"ä\n\t \"}");
    CHECK(text_of(array_of(std::vector<int>{})) == "{}");
    CHECK(text_of(array_of(std::array{1, -2})) == "{1,-2}");
    CHECK(text_of(array_of(std::array{0.5, 2.0})) == "{0.5,2}");
    CHECK(text_of(array_of(std::array{true, false})) == "{t,f}");
}

TEST_CASE("array_of takes a member, or anything that can be called")
{
    struct Point {
        int x;
        std::string name;
    };
    const std::vector<Point> points{{1, "a"}, {2, "b"}};
    CHECK(text_of(array_of(points, &Point::x)) == "{1,2}");
    CHECK(text_of(array_of(points, [](const Point& point) { return point.name + '!'; })) == R"({"a!","b!"})");
}

}  // namespace
}  // namespace lintel::storage
