#include "packet.hpp"

#include <doctest/doctest.h>

#include "lintel/core/problem.hpp"
#include "lintel/messaging/message.hpp"

namespace lintel::messaging {
namespace {

using core::Error;
using core::ErrorCode;

TEST_CASE("a packet's form follows from its keys")
{
    const auto kind_of = [](const char* payload) { return parse_packet(payload, {}).envelope.kind; };
    CHECK(kind_of(R"({"pattern":"a.b","data":{},"id":"1"})") == PacketKind::nest_request);
    CHECK(kind_of(R"({"id":"1","data":null,"pattern":"a.b"})") == PacketKind::nest_request);
    CHECK(kind_of(R"({"pattern":"a.b","data":1,"id":"1","metadata":{"k":"v"}})") == PacketKind::nest_request);
    CHECK(kind_of(R"({"pattern":"a.b","data":{}})") == PacketKind::nest_event);
    CHECK(kind_of(R"({"pattern":{"cmd":"sum"},"data":{},"id":"1"})") == PacketKind::plain);
    CHECK(kind_of(R"({"pattern":"a.b","id":"1"})") == PacketKind::plain);
    CHECK(kind_of(R"({"data":{},"id":"1"})") == PacketKind::plain);
    CHECK(kind_of(R"([{"pattern":"a.b","data":{},"id":"1"}])") == PacketKind::plain);
    CHECK(kind_of("\"text\"") == PacketKind::plain);
}

TEST_CASE("a NestJS packet's data is taken out, and anything else is the document itself")
{
    CHECK(parse_packet(R"({"pattern":"p","data":{"data":[1]},"id":"1"})", {}).data == R"({"data":[1]})"_json);
    CHECK(parse_packet(R"({"data":{"name":"x"}})", {}).data == R"({"data":{"name":"x"}})"_json);
}

TEST_CASE("an id goes back as it came")
{
    const auto id_of = [](const char* payload) { return parse_packet(payload, {}).envelope.id; };
    CHECK(id_of(R"({"pattern":"p","data":1,"id":"a\"\\\u00e4 \n"})") == "\"a\\\"\\\\ä \\n\"");
    CHECK(id_of(R"({"pattern":"p","data":1,"id":""})") == "\"\"");
    CHECK(id_of(R"({"pattern":"p","data":1,"id":17})") == "17");
    CHECK(id_of(R"({"pattern":"p","data":1,"id":null})") == "null");
}

TEST_CASE("what cannot be accepted is refused, and its NestJS form still found")
{
    const auto check_refused = [](const std::string& payload, PacketKind kind, const std::string& id) {
        CAPTURE(payload);
        CHECK_THROWS_AS(parse_packet(payload, {}), Error);
        const auto envelope = guess_envelope(payload);
        CHECK(envelope.kind == kind);
        CHECK(envelope.id == id);
    };
    const std::string deep = std::string(100000, '[') + std::string(100000, ']');
    check_refused(R"({"pattern":"p","data":)" + deep + R"(,"id":"7"})", PacketKind::nest_request, "\"7\"");
    check_refused(R"({"pattern":"p","data":{"a":1,"a":2},"id":"7"})", PacketKind::nest_request, "\"7\"");
    check_refused(R"({"pattern":"p","data":"\u0000","id":"7"})", PacketKind::nest_request, "\"7\"");
    check_refused(R"({"pattern":"p","data":99999999999999999999,"id":"7"})", PacketKind::nest_request,
                  "\"7\"");
    check_refused(R"({"pattern":"p","data":{"a":1,"a":2}})", PacketKind::nest_event, "");
    check_refused(deep, PacketKind::plain, "");
    check_refused("", PacketKind::plain, "");
    check_refused("{", PacketKind::plain, "");
    check_refused("\xff\xfe", PacketKind::plain, "");
    check_refused(R"({"pattern":"p","data":1,"id":"7")", PacketKind::plain, "");
}

TEST_CASE("the envelope has the keys of NestJS and not one more")
{
    CHECK(nest_reply("\"1\"", R"({"a":1})") == R"({"response":{"a":1},"isDisposed":true,"id":"1"})");
    CHECK(nest_error("\"1\"", Error(ErrorCode::not_found, "no \"such\" thing")) ==
          R"({"err":{"status":"error","statusCode":404,"message":"no \"such\" thing","code":"not_found"},)"
          R"("isDisposed":true,"id":"1"})");
    CHECK(
        nest_error("7", Error(ErrorCode::invalid, "2 faults",
                              {{"/name", "is required"}, {"/kind", "is unknown"}})) ==
        R"({"err":{"status":"error","statusCode":422,"message":"2 faults","code":"invalid",)"
        R"("errors":[{"pointer":"/name","detail":"is required"},{"pointer":"/kind","detail":"is unknown"}]},)"
        R"("isDisposed":true,"id":7})");
}

TEST_CASE("an error survives the way to the caller")
{
    const Error sent(ErrorCode::invalid, "2 faults", {{"/name", "is required"}, {"/kind", "is unknown"}});
    const auto check_same = [&sent](const Error& received) {
        CHECK(received.code() == sent.code());
        CHECK(std::string(received.what()) == sent.what());
        CHECK(received.fields() == sent.fields());
    };
    check_same(error_from_problem(422, "ignored", core::problem_json(sent, "a.b", "0123")));
    check_same(error_from_nest(nlohmann::json::parse(nest_error("1", sent))["err"]));
}

TEST_CASE("errors of foreign peers are understood as far as they go")
{
    CHECK(error_from_problem(404, "gone", "").code() == ErrorCode::not_found);
    CHECK(std::string(error_from_problem(404, "gone", "<html>").what()) == "gone");
    CHECK(error_from_problem(418, "teapot", "[]").code() == ErrorCode::invalid);
    CHECK(error_from_nest(nlohmann::json("text")).code() == ErrorCode::internal);
    CHECK(error_from_nest(R"({"status":"error","message":"boom"})"_json).code() == ErrorCode::internal);
    CHECK(error_from_nest(R"({"statusCode":409,"message":"busy"})"_json).code() == ErrorCode::conflict);
    CHECK(std::string(error_from_nest(R"([1,2])"_json).what()) == "[1,2]");
    CHECK(error_from_nest(R"({"message":{"nested":true}})"_json).code() == ErrorCode::internal);
}

TEST_CASE("header names are compared without regard to case")
{
    const Headers headers{{"Traceparent", "1"}, {"deadline", "2"}};
    REQUIRE(find_header(headers, "traceparent"));
    CHECK(*find_header(headers, "Deadline") == "2");
    CHECK(find_header(headers, "Deadlin") == nullptr);
}

}  // namespace
}  // namespace lintel::messaging
