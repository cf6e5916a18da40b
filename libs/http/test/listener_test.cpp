// cpprestsdk's own API on our engine: what a program gets that knows nothing of lintel::http but the Runtime.

#include <doctest/doctest.h>

#include <cpprest/http_client.h>
#include <cpprest/http_listener.h>
#include <cpprest/producerconsumerstream.h>

#include <memory>
#include <string>
#include <thread>

#include "lintel/core/error.hpp"
#include "lintel/http/runtime.hpp"
#include "lintel/testing/tcp_client.hpp"

using lintel::http::Runtime;
using lintel::testing::TcpClient;
using web::http::http_request;
using web::http::http_response;
using web::http::methods;
using web::http::experimental::listener::http_listener;

namespace {

/// The engine behind `port` is ours when it answers pipelined requests and HEAD as HTTP wants it;
/// cpprestsdk's own server answers one request of a packet, and HEAD with a body.
bool is_ours(std::uint16_t port)
{
    TcpClient client(port);
    const std::string head = " HTTP/1.1\r\nHost: h\r\n";
    client.send("HEAD /a" + head + "\r\nGET /a" + head + "Connection: close\r\n\r\n");
    const auto text = client.read_all();
    const auto second = text.find("HTTP/1.1 200", 1);
    return second != std::string::npos && text.substr(0, second).ends_with("\r\n\r\n");
}

struct Plain {
    explicit Plain(std::uint16_t on, const std::string& path = "/")
        : port(on), listener(web::uri("http://127.0.0.1:" + std::to_string(on) + path))
    {
        listener.support(methods::GET, [](const http_request& request) {
            request.reply(200, request.relative_uri().to_string() + " " + request.remote_address());
        });
        listener.support(methods::POST, [](http_request request) {
            request.extract_string(true).then([request](const std::string& body) {
                http_response response(201);
                response.set_body("got " + body);
                response.headers().add("X-Type", request.headers().content_type());
                request.reply(response);
            });
        });
        listener.open().wait();
    }
    ~Plain() { listener.close().wait(); }

    std::uint16_t port;
    http_listener listener;
};

std::string ask(std::uint16_t port, const std::string& request)
{
    TcpClient client(port);
    client.send(request);
    return client.read_all(std::chrono::seconds(3));
}

std::string request(const std::string& line, const std::string& headers = {}, const std::string& body = {})
{
    return line + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a plain http_listener works on the engine, with the client of its own library")
{
    Runtime runtime(2);
    Plain plain(lintel::testing::free_port());
    web::http::client::http_client client(web::uri("http://127.0.0.1:" + std::to_string(plain.port)));
    for (int i = 0; i < 3; ++i) {
        const auto got = client.request(methods::GET, "/a?b=1").get();
        CHECK(got.status_code() == 200);
        CHECK(got.extract_string().get() == "/a?b=1 127.0.0.1");
        const auto posted = client.request(methods::POST, "/a", "hello", "text/x").get();
        CHECK(posted.status_code() == 201);
        CHECK(posted.headers().find("X-Type")->second.starts_with("text/x"));
        CHECK(posted.extract_string().get() == "got hello");
    }
    CHECK(client.request(methods::DEL, "/a").get().status_code() == 405);
    CHECK(is_ours(plain.port));
}

TEST_CASE("closing the last listener does not bring the stock server back")
{
    Runtime runtime(2);
    const auto port = lintel::testing::free_port();
    for (int i = 0; i < 5; ++i) {
        Plain plain(port);
        CHECK(is_ours(port));
    }
}

TEST_CASE("one Runtime may follow another, two at a time may not exist")
{
    const auto port = lintel::testing::free_port();
    for (int i = 0; i < 3; ++i) {
        Runtime runtime(2);
        CHECK_THROWS_AS(Runtime(2), lintel::core::Error);
        CHECK_THROWS_AS(Runtime(3), lintel::core::Error);
        Plain plain(port);
        CHECK(is_ours(port));
    }
}

TEST_CASE("listeners of one address share its port by path")
{
    Runtime runtime(2);
    const auto port = lintel::testing::free_port();
    Plain first(port, "/one");
    Plain second(port, "/one/two");
    CHECK(ask(port, request("GET /one/x")).find("/x 127.0.0.1") != std::string::npos);
    CHECK(ask(port, request("GET /one/two/x")).find("\r\n\r\n/x 127.0.0.1") != std::string::npos);
    CHECK(ask(port, request("GET /other")).starts_with("HTTP/1.1 404 "));
    CHECK(ask(port, request("GET /%zz")).starts_with("HTTP/1.1 400 "));
    CHECK_THROWS(Plain(port, "/one"));
    second.listener.close().wait();
    CHECK(ask(port, request("GET /one/two/x")).find("/two/x 127.0.0.1") != std::string::npos);
}

TEST_CASE("a taken port, TLS: the error comes out of open()")
{
    Runtime runtime(2);
    Plain plain(lintel::testing::free_port());
    http_listener other(web::uri("http://localhost:" + std::to_string(plain.port) + "/"));
    CHECK_THROWS(other.open().wait());
    http_listener tls(web::uri("https://127.0.0.1:" + std::to_string(lintel::testing::free_port()) + "/"));
    CHECK_THROWS(tls.open().wait());
    CHECK(is_ours(plain.port));
}

TEST_CASE("a handler that throws, or drops its request, does not leave the client waiting")
{
    Runtime runtime(2);
    http_listener listener(web::uri("http://127.0.0.1:" + std::to_string(lintel::testing::free_port())));
    listener.support(methods::GET, [](const http_request&) { throw std::runtime_error("broken"); });
    listener.support(methods::POST, [](const http_request&) {});
    listener.open().wait();
    const auto port = static_cast<std::uint16_t>(listener.uri().port());
    CHECK(ask(port, request("GET /")).starts_with("HTTP/1.1 500 "));
    CHECK(ask(port, request("POST /")).starts_with("HTTP/1.1 500 "));
    listener.close().wait();
}

TEST_CASE("a response body of unknown length is streamed")
{
    Runtime runtime(2);
    http_listener listener(web::uri("http://127.0.0.1:" + std::to_string(lintel::testing::free_port())));
    listener.support(methods::GET, [](const http_request& message) {
        concurrency::streams::producer_consumer_buffer<std::uint8_t> buffer;
        http_response response(200);
        response.set_body(buffer.create_istream(), "text/event-stream");
        message.reply(response);
        std::thread([buffer]() mutable {
            for (const std::string piece : {"one ", "two ", "three"}) {
                buffer.putn_nocopy(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()).wait();
                buffer.sync().wait();
                std::this_thread::sleep_for(std::chrono::milliseconds(30));
            }
            buffer.close(std::ios_base::out).wait();
        }).detach();
    });
    listener.open().wait();
    const auto text = ask(static_cast<std::uint16_t>(listener.uri().port()), request("GET /"));
    CHECK(text.find("Transfer-Encoding: chunked") != std::string::npos);
    CHECK(text.find("one ") != std::string::npos);
    CHECK(text.find("three") != std::string::npos);
    CHECK(text.ends_with("0\r\n\r\n"));
    listener.close().wait();
}

TEST_CASE("a reply after the listener was closed harms nobody")
{
    Runtime runtime(2);
    auto listener = std::make_unique<http_listener>(
        web::uri("http://127.0.0.1:" + std::to_string(lintel::testing::free_port())));
    std::promise<http_request> arrived;
    listener->support([&](const http_request& message) { arrived.set_value(message); });
    listener->open().wait();
    TcpClient client(static_cast<std::uint16_t>(listener->uri().port()));
    client.send(request("GET /"));
    const auto message = arrived.get_future().get();
    listener->close().wait();
    listener.reset();
    CHECK(client.is_closed_within(std::chrono::seconds(2)));
    CHECK_THROWS(message.reply(200, "late").wait());
}
