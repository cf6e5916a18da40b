#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/response_head.hpp"
#include "lintel/core/error.hpp"
#include "lintel/http/problem.hpp"
#include "lintel/http/request.hpp"
#include "lintel/http/response.hpp"
#include "lintel/http/server.hpp"

using namespace lintel::http;
using lintel::core::Error;
using lintel::core::ErrorCode;

TEST_CASE("headers are found in any case and keep their order")
{
    Headers headers;
    headers.add("Content-Type", "a");
    headers.add("X-One", "1");
    headers.add("x-one", "2");
    CHECK(headers.find("content-TYPE") == "a");
    CHECK(headers.find("X-ONE") == "1");
    CHECK(headers.count("X-One") == 2);
    CHECK_FALSE(headers.contains("X"));
    headers.set("X-one", "3");
    CHECK(headers.count("X-One") == 1);
    CHECK(headers.find("X-One") == "3");
    CHECK(headers.size() == 2);
    CHECK(headers[0].name == "Content-Type");
}

TEST_CASE("methods are told apart, case and all")
{
    CHECK(method_from_string("DELETE") == Method::del);
    CHECK(method_from_string("get") == Method::other);
    CHECK(method_from_string("BREW") == Method::other);
    CHECK(to_string(Method::patch) == "PATCH");
    CHECK(to_string(Method::other) == "_OTHER");
}

TEST_CASE("a problem has the members of RFC 9457 and ours")
{
    const Error error(ErrorCode::invalid, "the building is not valid",
                      {{"/name", "is missing"}, {"/kind", "is \"castle\""}});
    const auto response = problem(error, "/v1/buildings", "0af7651916cd43dd8448eb211c80319c");
    CHECK(response.status == 422);
    CHECK(response.headers.find("Content-Type") == "application/problem+json");
    const auto body = nlohmann::json::parse(response.body);
    CHECK(body == nlohmann::json{{"type", "about:blank"},
                                 {"title", "Unprocessable Content"},
                                 {"status", 422},
                                 {"detail", "the building is not valid"},
                                 {"instance", "/v1/buildings"},
                                 {"code", "invalid"},
                                 {"traceId", "0af7651916cd43dd8448eb211c80319c"},
                                 {"errors",
                                  {{{"pointer", "/name"}, {"detail", "is missing"}},
                                   {{"pointer", "/kind"}, {"detail", "is \"castle\""}}}}});
}

TEST_CASE("a problem leaves out what is not known and says when to come back")
{
    const auto unavailable = problem(Error(ErrorCode::unavailable, "draining"), {}, {});
    CHECK(unavailable.headers.find("Retry-After") == "1");
    const auto body = nlohmann::json::parse(unavailable.body);
    CHECK_FALSE(body.contains("instance"));
    CHECK_FALSE(body.contains("traceId"));
    CHECK_FALSE(body.contains("errors"));

    auto slow_down = Error(ErrorCode::rate_limited, "slow down").with_retry_after(std::chrono::seconds(7));
    CHECK(problem(slow_down, {}, {}).headers.find("Retry-After") == "7");
    CHECK(problem(Error(ErrorCode::unauthenticated, "who"), {}, {}).headers.find("WWW-Authenticate") ==
          "Bearer");
    CHECK_FALSE(problem(Error(ErrorCode::not_found, "no"), {}, {}).headers.contains("Retry-After"));
}

TEST_CASE("an instance that is not UTF-8 still makes a JSON document")
{
    const auto response = problem(Error(ErrorCode::malformed, "bad"), "/\xff\"\n", "t");
    CHECK(nlohmann::json::accept(response.body));
}

TEST_CASE("an unknown exception does not tell the client what it was")
{
    const auto leak = std::make_exception_ptr(std::runtime_error("password=hunter2"));
    CHECK(to_error(leak).code() == ErrorCode::internal);
    CHECK(std::string(to_error(leak).what()).find("hunter2") == std::string::npos);
    CHECK(to_error(std::make_exception_ptr(Error(ErrorCode::conflict, "twice"))).code() ==
          ErrorCode::conflict);
    CHECK(to_error(std::make_exception_ptr(7)).code() == ErrorCode::internal);
}

TEST_CASE("a handler cannot split or reframe its response")
{
    auto response = Response::json(200, "{}")
                        .with_header("X-Good", "yes")
                        .with_header("X-Bad", "a\r\nSet-Cookie: b")
                        .with_header("Transfer-Encoding", "chunked")
                        .with_header("content-length", "7");
    std::string head;
    engine::append_head(head, response, {2, false, true, 11});
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Good: yes\r\n"));
    CHECK(head.find("Cookie") == std::string::npos);
    CHECK(head.find("chunked") == std::string::npos);
    CHECK(head.find("Content-Length: 2\r\n") != std::string::npos);
    CHECK(head.find("length: 7") == std::string::npos);
    CHECK(head.find("\r\nDate: ") != std::string::npos);
    CHECK(head.ends_with("GMT\r\n\r\n"));
}

TEST_CASE("the framing of a response says how it ends")
{
    const auto head = [](int status, engine::Framing framing) {
        Response response;
        response.status = status;
        std::string text;
        engine::append_head(text, response, framing);
        return text;
    };
    CHECK(head(204, {0, false, true, 11}).find("Content-Length") == std::string::npos);
    CHECK(head(200, {0, false, true, 11}).find("Content-Length: 0") != std::string::npos);
    CHECK(head(200, {{}, true, true, 11}).find("Transfer-Encoding: chunked") != std::string::npos);
    CHECK(head(200, {0, false, false, 11}).find("Connection: close") != std::string::npos);
    CHECK(head(200, {0, false, true, 10}).find("Connection: keep-alive") != std::string::npos);
    CHECK(head(299, {0, false, true, 11}).starts_with("HTTP/1.1 299 Status\r\n"));
}

TEST_CASE("response helpers set the headers of the conventions")
{
    const auto response = Response::json(201, "{}").with_etag(3).with_location("/v1/a/1");
    CHECK(response.status == 201);
    CHECK(response.headers.find("ETag") == "\"3\"");
    CHECK(response.headers.find("Location") == "/v1/a/1");
    CHECK(Response::no_content().status == 204);
    CHECK(Response::text(200, "x").with_retry_after(std::chrono::seconds(2)).headers.find("Retry-After") ==
          "2");
}

TEST_CASE("content types are checked without regard to case and parameters")
{
    const auto passes = [](const char* type) {
        Request request;
        if (type) request.headers.add("Content-Type", type);
        try {
            request.require_content_type({"application/json", "application/merge-patch+json"});
            return true;
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::unsupported_media);
            return false;
        }
    };
    CHECK(passes(nullptr));
    CHECK(passes("application/json"));
    CHECK(passes("Application/JSON; charset=UTF-8"));
    CHECK(passes("application/merge-patch+json;charset=\"utf-8\""));
    CHECK_FALSE(passes("text/plain"));
    CHECK_FALSE(passes("application/json; charset=latin1"));
    CHECK_FALSE(passes("application/jsonx"));
    CHECK_FALSE(passes(""));
}

TEST_CASE("Accept is read leniently")
{
    const auto accepts = [](const char* header) {
        Request request;
        if (header) request.headers.add("Accept", header);
        return request.accepts("application/json");
    };
    CHECK(accepts(nullptr));
    CHECK(accepts(""));
    CHECK(accepts("*/*"));
    CHECK(accepts("text/html, application/*;q=0.5"));
    CHECK(accepts("application/JSON;q=0.1"));
    CHECK_FALSE(accepts("text/html"));
    CHECK_FALSE(accepts("application/json;q=0"));
    CHECK_FALSE(accepts("application/json;q=0.000"));
}

TEST_CASE("bearer tokens")
{
    const auto authorize = bearer_tokens({"first", "second-token"});
    const auto passes = [&](const char* header) {
        Request request;
        if (header) request.headers.add("authorization", header);
        try {
            authorize(request);
            return true;
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::unauthenticated);
            return false;
        }
    };
    CHECK(passes("Bearer first"));
    CHECK(passes("bearer second-token"));
    CHECK_FALSE(passes(nullptr));
    CHECK_FALSE(passes("Bearer "));
    CHECK_FALSE(passes("Bearer firs"));
    CHECK_FALSE(passes("Bearer first "));
    CHECK_FALSE(passes("Basic first"));
    CHECK_NOTHROW(bearer_tokens({})(Request{}));
}
