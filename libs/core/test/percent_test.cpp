#include "lintel/core/percent.hpp"

#include <doctest/doctest.h>

using lintel::core::percent_encode;

TEST_CASE("all but unreserved characters are percent-encoded")
{
    CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
    CHECK(percent_encode("a b/c?d=e&f+g%") == "a%20b%2Fc%3Fd%3De%26f%2Bg%25");
    CHECK(percent_encode("\xC3\xA9\x01") == "%C3%A9%01");
    CHECK(percent_encode("").empty());
}
