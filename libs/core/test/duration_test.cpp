#include "lintel/core/duration.hpp"

#include <doctest/doctest.h>

using lintel::core::parse_duration;
using lintel::core::to_text;
using namespace std::chrono_literals;

TEST_CASE("a duration is a whole number and its unit")
{
    CHECK(parse_duration("0ms") == 0ms);
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("5s") == 5s);
    CHECK(parse_duration("2m") == 2min);
    CHECK(parse_duration("72h") == 72h);
    CHECK(parse_duration("30d") == 30 * 24h);
    for (const char* text : {"", "5", "s", "ms", "5 s", "5S", "-5s", "+5s", "1.5h", "1h30m", "5sec",
                             "9999999999s", "99999999999999999999s"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text));
    }
}

TEST_CASE("a duration is written in the longest unit that holds it whole")
{
    for (const char* text : {"0s", "1ms", "1500ms", "5s", "90s", "10m", "24h", "36h", "30d"}) {
        CAPTURE(text);
        CHECK(to_text(*parse_duration(text)) == text);
    }
    CHECK(to_text(1440min) == "24h");
    CHECK(to_text(72h) == "3d");
}
