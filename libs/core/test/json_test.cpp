#include "lintel/core/json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"

using namespace lintel::core;

namespace {

ErrorCode refusal_of(std::string_view text, const JsonLimits& limits = {})
{
    try {
        parse_json(text, limits);
    } catch (const Error& error) {
        return error.code();
    }
    return ErrorCode::internal;
}

std::string nested(std::size_t depth)
{
    return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE("a document comes out as it went in")
{
    const char* text =
        R"({"a":[1,-2,3.5,true,false,null],"b":{"c":"\u00e9\n\ud83d\ude00"},"z":18446744073709551615})";
    CHECK(parse_json(text) == nlohmann::json::parse(text));
    CHECK(parse_json("\"alone\"") == "alone");
    CHECK(parse_json(" 7 ") == 7);
}

TEST_CASE("what is not acceptable JSON is malformed")
{
    const std::string cases[] = {
        "",
        "{",
        "{}}",
        "{\"a\":1,}",
        "[1 2]",
        "nul",
        "'single'",
        "NaN",
        "{\"a\":1,\"a\":2}",
        R"({"a":{"b":1,"b":1}})",
        "1e400",
        R"("\u0000")",
        R"({"\u0000":1})",
        std::string("\"\0\"", 3),
        "\"\xff\xfe\"",
        "\"\xc0\xaf\"",
        "\"\xed\xa0\x80\"",
        R"("\ud800")",
        "\xef\xbb",
        "\x01\x02\x03",
    };
    for (const auto& text : cases) {
        CAPTURE(text);
        CHECK(refusal_of(text) == ErrorCode::malformed);
    }
}

TEST_CASE("integers beyond 64 bits are invalid where they stand, in a document that is JSON otherwise")
{
    const auto faults_of = [](std::string_view text) {
        std::vector<std::string> pointers;
        try {
            parse_json(text);
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::invalid);
            for (const auto& field : error.fields())
                pointers.push_back(field.pointer);
        }
        return pointers;
    };
    using Pointers = std::vector<std::string>;
    CHECK(faults_of("18446744073709551616") == Pointers{""});
    CHECK(faults_of("-9223372036854775809") == Pointers{""});
    CHECK(faults_of(R"({"a":{"b/c":[1,{"~":18446744073709551616},-9223372036854775809]},"d":1e30})") ==
          Pointers{"/a/b~1c/1/~0", "/a/b~1c/2"});
    CHECK(faults_of("18446744073709551615").empty());
    // Faults that nobody would read are not looked for.
    std::string many = "[";
    for (int i = 0; i < 1000; ++i)
        many += "99999999999999999999,";
    CHECK(faults_of(many + "1]").size() == 16);
    CHECK(refusal_of("[99999999999999999999") == ErrorCode::malformed);
    CHECK(refusal_of(R"({"a":99999999999999999999,"a":1})") == ErrorCode::malformed);
}

TEST_CASE("depth is limited before anything recurses")
{
    CHECK(parse_json(nested(64)).is_array());
    CHECK(refusal_of(nested(65)) == ErrorCode::malformed);
    CHECK(refusal_of(std::string(500'000, '[')) == ErrorCode::malformed);
    CHECK(refusal_of(nested(3), {.depth = 2}) == ErrorCode::malformed);
}

TEST_CASE("size is limited")
{
    CHECK(refusal_of("[1,2,3]", {.bytes = 6}) == ErrorCode::too_large);
    CHECK(parse_json("[1,2,3]", {.bytes = 7}).size() == 3);
}

TEST_CASE("strings are escaped so that every parser reads them back")
{
    const std::string text = "plain \" \\ \n \t \r \x01 \x1f é 😀";
    std::string out;
    append_json_string(out, text);
    CHECK(nlohmann::json::parse(out) == text);
}

TEST_CASE("a log may hold invalid UTF-8")
{
    CHECK_NOTHROW(dump_json(nlohmann::json("\xff")));
}
