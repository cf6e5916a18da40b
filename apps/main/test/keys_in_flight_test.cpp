#include "keys_in_flight.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "lintel/core/error.hpp"

using namespace lintel;

TEST_CASE("a key is refused while its first request is under way, and free after that")
{
    main::KeysInFlight keys;
    std::optional first(keys.claim("a"));
    CHECK_THROWS_AS(keys.claim("a"), core::Error);
    const auto other = keys.claim("b");
    first.reset();
    CHECK_NOTHROW(keys.claim("a"));
}

TEST_CASE("a claim that was moved from gives nothing free")
{
    main::KeysInFlight keys;
    auto first = keys.claim("a");
    const auto second = std::move(first);
    CHECK_THROWS_AS(keys.claim("a"), core::Error);
}

TEST_CASE("requests without a key do not stand in each other's way")
{
    main::KeysInFlight keys;
    const auto first = keys.claim("");
    CHECK_NOTHROW(keys.claim(""));
}
