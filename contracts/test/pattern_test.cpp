#include <doctest/doctest.h>

#include <array>
#include <limits>

#include "pattern.hpp"

namespace {

using lintel::contracts::detail::matches;
using lintel::contracts::detail::PatternAtom;

constexpr PatternAtom kHyphen{{1ULL << '-', 0}, 1, 1};
constexpr PatternAtom kLower{{0, 0x07fffffe00000000ULL}, 1, 3};
constexpr PatternAtom kDigits{{0x03ff000000000000ULL, 0}, 0, std::numeric_limits<std::size_t>::max()};
constexpr std::array kPattern{kLower, kHyphen, kDigits};  // ^[a-z]{1,3}-[0-9]*$

}  // namespace

TEST_CASE("a pattern matches the whole text or nothing")
{
    CHECK(matches("a-", kPattern));
    CHECK(matches("abc-0123456789", kPattern));
    CHECK_FALSE(matches("", kPattern));
    CHECK_FALSE(matches("abcd-1", kPattern));
    CHECK_FALSE(matches("-1", kPattern));
    CHECK_FALSE(matches("a-1x", kPattern));
    CHECK_FALSE(matches("a-1\n", kPattern));
    CHECK_FALSE(matches("\xc3\xa4-1", kPattern));
}
