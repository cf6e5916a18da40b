#include "prefer.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace lintel;
using namespace std::chrono_literals;

namespace {

std::optional<std::chrono::seconds> wait_of(std::initializer_list<std::string_view> values)
{
    http::Headers headers;
    for (const auto value : values)
        headers.add("prefer", value);
    return main::preferred_wait(headers);
}

}  // namespace

TEST_CASE("wait is found among preferences, and what is not understood is passed over")
{
    CHECK(wait_of({"wait=10"}) == 10s);
    CHECK(wait_of({"respond-async, wait=10"}) == 10s);
    CHECK(wait_of({"respond-async", "Wait = \"7\" ; why=not"}) == 7s);
    CHECK(wait_of({"wait=0"}) == 0s);
    CHECK(wait_of({"wait=1, wait=2"}) == 1s);
    for (const auto* value : {"", ",", "wait", "wait=", "wait=soon", "wait=-1", "wait=1.5",
                              "wait=99999999999", "waiting=3", "handling=strict; wait=3"})
        CHECK_FALSE(wait_of({value}));
    CHECK_FALSE(wait_of({}));
}
