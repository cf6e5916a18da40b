#include "preconditions.hpp"

#include <doctest/doctest.h>

#include "lintel/core/error.hpp"

using namespace lintel;

namespace {

http::Request with(const char* name, const char* value)
{
    http::Request request{.context = telemetry::Context::start(std::chrono::seconds(1))};
    request.headers.add(name, value);
    return request;
}

}  // namespace

TEST_CASE("If-Match is handed on as the versions it names")
{
    using Versions = std::vector<std::int64_t>;
    CHECK(main::expected_versions(with("If-Match", "\"3\", \"12\"")) == Versions{3, 12});
    CHECK(main::expected_versions(with("If-Match", "W/\"3\",\"3\"")) == Versions{3});
    CHECK(main::expected_versions(with("If-Match", "W/\"3\", \"03\", \"\", \"x\"")) == Versions{});
    CHECK_FALSE(main::expected_versions(with("If-Match", "*")));
    CHECK_FALSE(main::expected_versions(with("Accept", "*/*")));
    CHECK_THROWS_AS(main::expected_versions(with("If-Match", "3")), core::Error);
}

TEST_CASE("If-None-Match compares weakly")
{
    CHECK(main::has_current(with("If-None-Match", "W/\"3\""), 3));
    CHECK(main::has_current(with("If-None-Match", "*"), 3));
    CHECK(!main::has_current(with("If-None-Match", "\"2\""), 3));
    CHECK(!main::has_current(with("Accept", "*/*"), 3));
}

TEST_CASE("what is no list of entity tags is refused")
{
    for (const char* text : {"", "3", "\"3", "\"3\" \"4\"", "\"3\",", "w/\"3\"", "*, \"3\""}) {
        CAPTURE(text);
        CHECK_THROWS_AS(main::expected_versions(with("If-Match", text)), core::Error);
    }
}
