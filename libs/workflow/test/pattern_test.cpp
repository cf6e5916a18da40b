#include "pattern.hpp"

#include <doctest/doctest.h>

using lintel::workflow::Pattern;

namespace {

bool matches(const char* pattern, const std::string& text)
{
    std::string why;
    const auto parsed = Pattern::parse(pattern, why);
    CAPTURE(pattern);
    REQUIRE_MESSAGE(parsed, why);
    return parsed->matches(text);
}

}  // namespace

TEST_CASE("a pattern matches a part of the text, and all of it between ^ and $")
{
    CHECK(matches("b", "abc"));
    CHECK_FALSE(matches("^b", "abc"));
    CHECK_FALSE(matches("b$", "abc"));
    CHECK(matches("^abc$", "abc"));
    CHECK(matches("", ""));
    CHECK(matches("^$", ""));
    CHECK_FALSE(matches("^$", "a"));
}

TEST_CASE("characters, classes and escapes")
{
    CHECK(matches("^[A-Z]{2}[0-9]+[._-]x$", "DE17-x"));
    CHECK(matches("^\\d\\w\\s\\.$", "1_ ."));
    CHECK_FALSE(matches("^\\D$", "1"));
    CHECK(matches("^[^a-c]$", "d"));
    CHECK_FALSE(matches("^[^a-c]$", "b"));
    CHECK(matches("^.$", "ü"));
    CHECK(matches("^[^a]{3}$", "äöü"));
    CHECK_FALSE(matches("^[a-z]$", "ü"));
    CHECK(matches("^[\\]a-]$", "-"));
    CHECK(matches("^[\\d-]$", "-"));
}

TEST_CASE("repetitions find their end without being told where it is")
{
    CHECK(matches("^a*a*a*b$", "aaaab"));
    CHECK(matches("^a?a?aa$", "aa"));
    CHECK(matches("^[ab]*b{2,3}$", "abababbb"));
    CHECK_FALSE(matches("^a{2,3}$", "a"));
    CHECK_FALSE(matches("^a{2,3}$", "aaaa"));
    CHECK(matches("^a{2,}$", "aaaa"));
    CHECK(matches("^a{0}b$", "b"));
    CHECK_FALSE(matches("^a{2}b$", "aXab"));
}

TEST_CASE("time is proportional to the text, whatever it is")
{
    const std::string text(1 << 20, 'a');
    CHECK_FALSE(matches("^a*a*a*a*a*a*a*a*b$", text));
    CHECK_FALSE(matches("a+a+a+a+b", text));
}

TEST_CASE("what would need more is refused")
{
    for (const char* pattern :
         {"(a|b)", "a|b", "a**", "a+?", "*", "[a", "[]",  "[z-a]",           "a{2",  "a{3,2}", "a{,2}",
          "\\b",   "\\1", "a$b", "a^b", "ü", "\\", "[\\", "a{999999999999}", "[a-\\"}) {
        CAPTURE(pattern);
        std::string why;
        CHECK_FALSE(Pattern::parse(pattern, why));
        CHECK_FALSE(why.empty());
    }
    std::string why;
    CHECK_FALSE(Pattern::parse(std::string(1001, 'a'), why));
}
