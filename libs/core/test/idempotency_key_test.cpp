#include "lintel/core/idempotency_key.hpp"

#include <doctest/doctest.h>

#include "lintel/core/error.hpp"

using lintel::core::parse_idempotency_key;

TEST_CASE("a key may be bare or quoted")
{
    CHECK(parse_idempotency_key("order-17") == "order-17");
    CHECK(parse_idempotency_key("\"order-17\"") == "order-17");
    CHECK(parse_idempotency_key(std::string(255, 'k')).size() == 255);
}

TEST_CASE("what cannot be a key is refused")
{
    for (const std::string& text :
         {std::string(), std::string("\"\""), std::string("\""), std::string("a b"), std::string("a\"b"),
          std::string("\xc3\xa9"), std::string("a\tb"), std::string(256, 'k')}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_idempotency_key(text), lintel::core::Error);
    }
}
