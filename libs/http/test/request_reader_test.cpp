#include "engine/request_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace lintel::http;
using engine::Refusal;
using engine::RequestReader;
using State = RequestReader::State;

namespace {

struct Outcome {
    State state;
    Refusal refusal;
    std::string body;
    std::string rest;
};

/// Feeds `text` in pieces of `step` bytes, as a network would.
Outcome read(std::string_view text, std::size_t step, const Limits& limits)
{
    RequestReader reader(limits);
    std::string pending;
    for (std::size_t at = 0; at < text.size() && reader.state() == State::incomplete; at += step) {
        pending += text.substr(at, step);
        pending.erase(0, reader.feed(pending));
        // What a connection has to keep is bounded, whatever is sent.
        CHECK(pending.size() <= limits.header_bytes + step + 1);
    }
    return {reader.state(), reader.refusal(), reader.message().body, pending};
}

Limits small()
{
    Limits limits;
    limits.header_bytes = 512;
    limits.body_bytes = 64;
    return limits;
}

const std::string kHead = "POST /a HTTP/1.1\r\nHost: h\r\n";

}  // namespace

TEST_CASE("requests that are served, in one piece or byte by byte")
{
    struct Case {
        const char* what;
        std::string text;
        std::string body;
    };
    const std::vector<Case> cases = {
        {"no body", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", ""},
        {"leading empty lines", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", ""},
        {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", ""},
        {"a length", kHead + "Content-Length: 5\r\n\r\nhello", "hello"},
        {"length zero", kHead + "Content-Length: 0\r\n\r\n", ""},
        {"the longest body", kHead + "Content-Length: 64\r\n\r\n" + std::string(64, 'x'),
         std::string(64, 'x')},
        {"chunks", kHead + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "hello"},
        {"chunk extension", kHead + "Transfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n", "hello"},
        {"a trailer", kHead + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n", "hello"},
        {"any bytes in the body", kHead + "Content-Length: 4\r\n\r\n" + std::string("\0\r\n\xff", 4),
         std::string("\0\r\n\xff", 4)},
    };
    for (const auto& [what, text, body] : cases) {
        for (const std::size_t step : {text.size(), std::size_t{1}, std::size_t{7}}) {
            CAPTURE(what);
            CAPTURE(step);
            const auto outcome = read(text, step, small());
            CHECK(outcome.state == State::complete);
            CHECK(outcome.body == body);
        }
    }
}

TEST_CASE("requests that are refused, in one piece or byte by byte")
{
    struct Case {
        const char* what;
        std::string text;
        Refusal refusal;
    };
    const auto malformed = Refusal::malformed;
    const auto chunked = kHead + "Transfer-Encoding: chunked\r\n\r\n";
    std::string many_fields = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 100; ++i)
        many_fields += "X-Field: value\r\n";
    std::string many_chunks = chunked;
    for (int i = 0; i < 100; ++i)
        many_chunks += "1\r\nx\r\n";

    const std::vector<Case> cases = {
        {"garbage", "\x16\x03\x01\x02 garbage\r\n\r\n", malformed},
        {"an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", malformed},
        {"an unknown version", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", malformed},
        {"no version", "GET /\r\n\r\n", malformed},
        {"Host is missing", "GET / HTTP/1.1\r\n\r\n", malformed},
        {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", malformed},
        {"a space before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", malformed},
        {"a control byte in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: \x01\r\n\r\n", malformed},
        {"NUL in the target", std::string("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", 29), malformed},
        {"length is garbage", kHead + "Content-Length: abc\r\n\r\n", malformed},
        {"length is negative", kHead + "Content-Length: -1\r\n\r\n", malformed},
        {"length has a sign", kHead + "Content-Length: +1\r\n\r\nx", malformed},
        {"length is empty", kHead + "Content-Length:\r\n\r\n", malformed},
        {"length is a list", kHead + "Content-Length: 5, 5\r\n\r\nhello", malformed},
        {"length overflows", kHead + "Content-Length: 18446744073709551617\r\n\r\nx", malformed},
        {"two lengths", kHead + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", malformed},
        {"the same length twice", kHead + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", malformed},
        {"length and chunks", kHead + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         malformed},
        {"chunks and length", kHead + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
         malformed},
        {"two codings", kHead + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", malformed},
        {"an unknown coding", kHead + "Transfer-Encoding: xchunked\r\n\r\n", malformed},
        {"chunked twice", kHead + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         malformed},
        {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", malformed},
        {"chunk size -1", chunked + "-1\r\n\r\n", malformed},
        {"chunk size zz", chunked + "zz\r\n\r\n", malformed},
        {"chunk size empty", chunked + "\r\n\r\n\r\n", malformed},
        {"chunk without its line end", chunked + "1\r\nxy\r\n0\r\n\r\n", malformed},
        {"chunk size 7fffffff", chunked + "7fffffff\r\n", Refusal::body_too_large},
        {"chunk size near 2^64", chunked + "ffffffffffffffff\r\n", Refusal::body_too_large},
        {"chunk size above 2^64", chunked + "1ffffffffffffffff\r\n", malformed},
        {"too many chunks", many_chunks, Refusal::body_too_large},
        {"a body too long", kHead + "Content-Length: 65\r\n\r\n", Refusal::body_too_large},
        {"a target without an end", "GET /" + std::string(3000, 'a'), Refusal::headers_too_large},
        {"a method without an end", std::string(3000, 'G'), Refusal::headers_too_large},
        {"a field without an end", "GET / HTTP/1.1\r\nX: " + std::string(3000, 'a'),
         Refusal::headers_too_large},
        {"too many fields", many_fields, Refusal::headers_too_large},
        {"an endless chunk extension", chunked + "1;" + std::string(3000, 'a'), Refusal::headers_too_large},
        {"an endless trailer", chunked + "0\r\n" + many_fields.substr(16), Refusal::headers_too_large},
    };
    for (const auto& [what, text, refusal] : cases) {
        for (const std::size_t step : {text.size(), std::size_t{1}, std::size_t{16}}) {
            CAPTURE(what);
            CAPTURE(step);
            const auto outcome = read(text, step, small());
            CHECK(outcome.state == State::refused);
            CHECK(engine::to_string(outcome.refusal) == engine::to_string(refusal));
        }
    }
}

TEST_CASE("what belongs to the next request stays")
{
    const auto outcome = read(kHead + "Content-Length: 2\r\n\r\nhiGET /b", 4096, small());
    CHECK(outcome.state == State::complete);
    CHECK(outcome.rest == "GET /b");
}

TEST_CASE("a trailer never becomes a header")
{
    const Limits limits;
    RequestReader reader(limits);
    reader.feed(kHead + "Transfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Bearer x\r\n\r\n");
    CHECK(reader.state() == State::complete);
    CHECK_FALSE(reader.message().headers.contains("Authorization"));
}

TEST_CASE("100-continue is asked for until the body comes")
{
    const Limits limits;
    RequestReader reader(limits);
    reader.feed(kHead + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
    CHECK(reader.expects_continue());
    reader.feed("h");
    CHECK_FALSE(reader.expects_continue());
    reader.feed("i");
    CHECK(reader.state() == State::complete);
}
