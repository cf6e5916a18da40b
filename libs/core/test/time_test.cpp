#include "lintel/core/time.hpp"

#include <doctest/doctest.h>

#include "lintel/core/deadline.hpp"

using namespace lintel::core;
using namespace std::chrono_literals;

TEST_CASE("RFC 3339 in every accepted spelling")
{
    const struct {
        const char* text;
        const char* canonical;
    } cases[] = {
        {"2026-11-20T08:30:00Z", "2026-11-20T08:30:00.000Z"},
        {"2026-11-20t08:30:00.5z", "2026-11-20T08:30:00.500Z"},
        {"2026-11-20 08:30:00.123999+01:00", "2026-11-20T07:30:00.123Z"},
        {"2026-11-20T00:10:00-00:30", "2026-11-20T00:40:00.000Z"},
        {"2024-02-29T23:59:60Z", "2024-03-01T00:00:00.000Z"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
    };
    for (const auto& example : cases) {
        CAPTURE(example.text);
        const auto parsed = parse_rfc3339(example.text);
        REQUIRE(parsed);
        CHECK(to_rfc3339(*parsed) == example.canonical);
    }
}

TEST_CASE("anything else is refused")
{
    for (const char* text :
         {"", "2026-11-20", "2026-11-20T08:30:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
          "2026-11-20T24:00:00Z", "2026-11-20T08:60:00Z", "2026-11-20T08:30:00.Z", "2026-11-20T08:30:00Zjunk",
          "2026-11-20T08:30:00+0100", "2026-11-20T08:30:00+24:00", "20261120T083000Z"}) {
        CAPTURE(text);
        CHECK(!parse_rfc3339(text));
    }
}

TEST_CASE("a deadline can be shortened, never stretched")
{
    const auto soon = Deadline::after(1s);
    CHECK(soon.at_most(1h) == soon);
    CHECK(soon.at_most(1ms) < soon);
    CHECK(!soon.has_passed());
    CHECK(Deadline::after(-1ms).has_passed());
    CHECK(Deadline::after(-1ms).remaining() == 0ms);
}

TEST_CASE("a deadline in the far future has not passed, one in the far past has")
{
    CHECK(!Deadline::at(*parse_rfc3339("9999-12-31T23:59:59Z")).has_passed());
    CHECK(Deadline::at(*parse_rfc3339("0001-01-01T00:00:00Z")).has_passed());
}

TEST_CASE("a deadline survives the trip over the wire")
{
    const auto sent = Deadline::after(5s);
    const auto received = Deadline::at(*parse_rfc3339(to_rfc3339(sent.wall_time())));
    CHECK(received.time() > sent.time() - 50ms);
    CHECK(received.time() < sent.time() + 50ms);
}
