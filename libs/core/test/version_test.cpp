#include "lintel/core/version.hpp"

#include <doctest/doctest.h>

#include "lintel/core/error.hpp"

using namespace lintel::core;

TEST_CASE("a change for any version is let through")
{
    CHECK_NOTHROW(expect_version(std::nullopt, 3, "building"));
}

TEST_CASE("one of several expected versions is enough")
{
    CHECK_NOTHROW(expect_version(std::vector<std::int64_t>{2, 3}, 3, "building"));
}

TEST_CASE("another version is refused, and the text says which it is")
{
    for (const auto& expected : {std::vector<std::int64_t>{2, 4}, std::vector<std::int64_t>{}}) {
        try {
            expect_version(expected, 3, "building");
            FAIL("it was let through");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::precondition);
            CHECK(std::string(error.what()).find("the building has version 3") == 0);
        }
    }
}
