#include "lintel/http/target.hpp"

#include <doctest/doctest.h>

#include "lintel/core/error.hpp"
#include "lintel/core/percent.hpp"

using namespace lintel::http;
namespace core = lintel::core;
using core::Error;

TEST_CASE("percent-decoding takes what RFC 3986 allows and nothing else")
{
    CHECK(percent_decode("a%20b%2Fc") == "a b/c");
    CHECK(percent_decode("%C3%A9%e2%82%ac%F0%9F%8F%A0") == "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8F\xA0");
    CHECK(percent_decode("a+b") == "a+b");
    CHECK(percent_decode("a+b%2B", true) == "a b+");
    CHECK(percent_decode("") == "");

    const char* const refused[] = {
        "%",         "%4",           "%zz",          "%4g", "%-1", "a%",  // broken escapes
        "%00",       "a%00b",  // NUL, which neither Postgres nor C strings carry
        "%C3",       "%C3%28",       "%80",          "%FF",  // broken UTF-8
        "%C0%AF",    "%E0%80%AF",    "%F0%80%80%AF",  // overlong forms, the classic way around a filter
        "%ED%A0%80", "%F4%90%80%80",                  // a surrogate; above U+10FFFF
        "\xC3\xA9",  "a b",          "a\tb",         "a#b",  // what has to be escaped
    };
    for (const auto* text : refused) {
        CAPTURE(text);
        CHECK_FALSE(percent_decode(text).has_value());
    }
}

TEST_CASE("what was encoded decodes to itself")
{
    for (int first = 1; first < 128; ++first) {
        const std::string text{static_cast<char>(first), '/', ' ', '%', '+', '\xC3', '\xA9'};
        CHECK(percent_decode(core::percent_encode(text)) == text);
    }
    CHECK(core::percent_encode("a-b_c.d~e/f") == "a-b_c.d~e%2Ff");
}

TEST_CASE("query parameters are decoded, and doubles are not overlooked")
{
    const auto query = Query::parse("kind=store&city=S%C3%A3o+Paulo&flag&empty=&a%26b=c%3Dd&&x=1&x=2");
    CHECK(query.find("kind") == "store");
    CHECK(query.find("city") == "S\xC3\xA3o Paulo");
    CHECK(query.find("flag") == "");
    CHECK(query.find("empty") == "");
    CHECK(query.find("a&b") == "c=d");
    CHECK_FALSE(query.find("absent").has_value());
    CHECK_THROWS_AS(query.find("x"), Error);
    CHECK(Query::parse("").empty());
    CHECK_THROWS_AS(Query::parse("a=%"), Error);
    CHECK_THROWS_AS(Query::parse("%ff=1"), Error);
}

TEST_CASE("a query has a limited number of parameters")
{
    std::string text;
    for (std::size_t i = 0; i < Query::kMaxParameters; ++i)
        text += "a=1&";
    CHECK(Query::parse(text).parameters().size() == Query::kMaxParameters);
    CHECK_THROWS_AS(Query::parse(text + "a=1"), Error);
}

TEST_CASE("unknown and doubled query parameters are reported all at once")
{
    const auto query = Query::parse("kind=a&kind=b&colour=red&size=2");
    try {
        query.require_known({"kind", "city"});
        FAIL("nothing was refused");
    } catch (const Error& error) {
        CHECK(error.code() == lintel::core::ErrorCode::invalid);
        REQUIRE(error.fields().size() == 3);
        CHECK(error.fields()[0].pointer == "kind");
        CHECK(error.fields()[1].pointer == "colour");
        CHECK(error.fields()[2].pointer == "size");
    }
    CHECK_NOTHROW(Query::parse("kind=a&city=b").require_known({"kind", "city"}));
}

TEST_CASE("request targets in every form a client may send")
{
    CHECK(parse_target("/v1/a?b=c?d").path == "/v1/a");
    CHECK(parse_target("/v1/a?b=c?d").query == "b=c?d");
    CHECK(parse_target("/").query.empty());
    CHECK(parse_target("*").path == "*");
    CHECK(parse_target("http://example.com:80/v1/a?b").path == "/v1/a");
    CHECK(parse_target("http://example.com:80/v1/a?b").query == "b");
    CHECK(parse_target("http://example.com").path == "/");
    CHECK(parse_target("http://example.com?b=1").query == "b=1");
    CHECK_THROWS_AS(parse_target("v1/a"), Error);
    CHECK_THROWS_AS(parse_target("example.com:443"), Error);
    CHECK_THROWS_AS(parse_target(""), Error);
}
