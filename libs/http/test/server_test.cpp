#include "lintel/http/server.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <thread>

#include "lintel/core/error.hpp"
#include "lintel/core/time.hpp"
#include "lintel/testing/eventually.hpp"
#include "support.hpp"

using namespace lintel::http;
using namespace lintel::http::test;
using namespace std::chrono_literals;
using lintel::testing::eventually;

TEST_CASE("a connection serves one request after the other")
{
    TestServer server;
    Client client(server.port());
    for (int i = 0; i < 3; ++i) {
        const auto said = client.ask(get("/say/a%20b?x=%C3%A9&y=1"));
        CHECK(said.status == 200);
        CHECK(said.body == "GET a b x=\xC3\xA9;y=1;");
        CHECK_FALSE(said.header("Connection").has_value());
        CHECK(said.header("Date").has_value());
        const auto echoed = client.ask(post("/echo", "body " + std::to_string(i)));
        CHECK(echoed.status == 200);
        CHECK(echoed.body == "body " + std::to_string(i));
    }
}

TEST_CASE("a request may arrive byte by byte and a response may be large")
{
    TestServer server;
    Client client(server.port());
    for (const char byte : post("/echo", "hello"))
        client.send({&byte, 1});
    CHECK(client.read().body == "hello");
    const auto large = client.ask(get("/large/3000000"));
    CHECK(large.body.size() == 3'000'000);
    CHECK(client.ask(get("/say/x")).status == 200);
}

TEST_CASE("pipelined requests are answered in order")
{
    TestServer server;
    Client client(server.port());
    std::string burst;
    for (int i = 0; i < 50; ++i)
        burst += i % 7 == 3 ? get("/slow/5") : post("/echo", std::to_string(i));
    client.send(burst);
    for (int i = 0; i < 50; ++i)
        CHECK(client.read().body == (i % 7 == 3 ? "slow" : std::to_string(i)));
}

TEST_CASE("chunked bodies are read, streamed bodies are chunked")
{
    TestServer server;
    Client client(server.port());
    const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    CHECK(client.ask(head + "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n").body == "hello");

    client.send(get("/count", "Connection: close\r\n"));
    const auto reply = client.read();
    CHECK(reply.header("Transfer-Encoding") == "chunked");
    std::string text;
    auto rest = client.read_rest();
    CHECK(rest.ends_with("0\r\n\r\n"));
    for (const char c : rest)
        if (c != '\r') text += c;
    CHECK(text.find("0\n") != std::string::npos);
    CHECK(text.find("2\n") != std::string::npos);
}

TEST_CASE("after a streamed body the connection goes on")
{
    TestServer server;
    Client client(server.port());
    client.send(get("/count") + get("/say/x"));
    const auto everything = client.tcp().read_until("GET x ");
    CHECK(everything.find("0\r\n\r\nHTTP/1.1 200 OK") != std::string::npos);
}

TEST_CASE("a request that comes after a streamed body is read once, byte for byte")
{
    TestServer server;
    Client client(server.port());
    std::string body;
    while (body.size() < 100'000)
        body += std::to_string(body.size()) + " ";
    for (int i = 0; i < 100; ++i) {
        client.send(get("/count"));
        REQUIRE(client.tcp().read_until("0\r\n\r\n").ends_with("0\r\n\r\n"));
        const bool is_whole = client.ask(post("/echo", body)).body == body;
        REQUIRE(is_whole);
    }
}

TEST_CASE("a streamed body that breaks off does not look complete")
{
    TestServer server;
    Client client(server.port());
    client.send(get("/half"));
    const auto everything = client.read_rest();
    CHECK(everything.find("half") != std::string::npos);
    CHECK_FALSE(everything.ends_with("0\r\n\r\n"));
}

TEST_CASE("HTTP/1.0 gets a closed connection, or keeps it when it asks")
{
    TestServer server;
    Client once(server.port());
    once.send("GET /say/x HTTP/1.0\r\n\r\n");
    CHECK(once.read_rest().find("Connection: close\r\n") != std::string::npos);

    Client twice(server.port());
    const std::string request = "GET /say/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    CHECK(twice.ask(request).header("Connection") == "keep-alive");
    CHECK(twice.ask(request).status == 200);

    Client stream(server.port());
    stream.send("GET /count HTTP/1.0\r\n\r\n");
    CHECK(stream.read_rest().ends_with("\r\n\r\n0\n1\n2\n"));
}

TEST_CASE("HEAD is answered as GET without its body")
{
    TestServer server;
    Client client(server.port());
    for (const auto* path : {"/large/5000", "/count", "/say/x"}) {
        client.send("HEAD " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(client.read(5s, false).status == 200);
    }
    CHECK(client.ask(get("/say/x")).body == "GET x ");
}

TEST_CASE("Expect: 100-continue is answered before the body, and not when the body is too large")
{
    TestServer server;
    Client client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    CHECK(client.read(5s, false).status == 100);
    CHECK(client.ask("hello").body == "hello");

    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n");
    CHECK(client.read().status == 413);
}

TEST_CASE("an unknown path is 404, an unserved method 405 with Allow, OPTIONS is answered")
{
    TestServer server;
    Client client(server.port());
    const auto missing = client.ask(get("/nowhere"));
    CHECK(missing.status == 404);
    CHECK(missing.header("Content-Type") == "application/problem+json");
    const auto problem = nlohmann::json::parse(missing.body);
    CHECK(problem.at("instance") == "/nowhere");
    CHECK(problem.at("traceId").get<std::string>().size() == 32);

    for (const auto* method : {"GET", "DELETE", "TRACE", "BREW"}) {
        const auto refused = client.ask(std::string(method) + " /echo HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(refused.status == 405);
        CHECK(refused.header("Allow") == "POST, PUT, OPTIONS");
    }
    const auto options = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(options.status == 204);
    CHECK(options.header("Allow") == "POST, PUT, OPTIONS");
    CHECK(client.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").status == 204);
    CHECK(client.ask("GET http://other/say/x HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
}

TEST_CASE("what a handler throws becomes a problem, and only a core::Error tells why")
{
    TestServer server;
    Client client(server.port());
    const auto known = client.ask(get("/fail/well"));
    CHECK(known.status == 409);
    CHECK(known.body.find("there is one already") != std::string::npos);
    const auto unknown = client.ask(get("/fail/badly"));
    CHECK(unknown.status == 500);
    CHECK(unknown.code() == "internal");
    CHECK(unknown.body.find("hunter2") == std::string::npos);
}

TEST_CASE("the trace of the caller goes on")
{
    TestServer server;
    Client client(server.port());
    const std::string id = "0af7651916cd43dd8448eb211c80319c";
    CHECK(client.ask(get("/trace", "traceparent: 00-" + id + "-b7ad6b7169203331-01\r\n")).body == id);
    CHECK(client.ask(get("/nowhere", "traceparent: 00-" + id + "-b7ad6b7169203331-01\r\n")).body.find(id) !=
          std::string::npos);
    CHECK(client.ask(get("/trace", "traceparent: garbage\r\n")).body.size() == 32);
}

TEST_CASE("a deadline: malformed, passed, shortened, and the engine's own answer to a late handler")
{
    TestServer server;
    Client client(server.port());
    const auto with_deadline = [](std::string_view path, const std::string& text) {
        return get(path, "Deadline: " + text + "\r\n");
    };
    CHECK(client.ask(with_deadline("/say/x", "tomorrow")).status == 400);
    CHECK(client.ask(with_deadline("/say/x", "2020-01-01T00:00:00Z")).status == 504);
    const auto soon = lintel::core::to_rfc3339(lintel::core::now() + 300ms);
    const auto started = std::chrono::steady_clock::now();
    const auto late = client.ask(with_deadline("/slow/1500", soon));
    CHECK(late.status == 504);
    CHECK(late.code() == "deadline_exceeded");
    CHECK(std::chrono::steady_clock::now() - started < 1200ms);
    // The handler ends after its request was answered; its answer must not reach the next one.
    CHECK(client.ask(get("/slow/1500")).body == "slow");
    CHECK(client.ask(get("/say/x")).body == "GET x ");
}

TEST_CASE("a request may ask to be waited for beyond the time of others, and so many at once do")
{
    Limits limits = quick_limits();
    limits.request_deadline = 200ms;
    TestServer server({}, limits);
    Client client(server.port());
    CHECK(client.ask(get("/slow/900")).status == 504);
    CHECK(client.ask(get("/wait/900")).body == "slow");
    const auto soon = lintel::core::to_rfc3339(lintel::core::now() + 300ms);
    CHECK(client.ask(get("/wait/900", "Deadline: " + soon + "\r\n")).status == 504);
    CHECK(client.ask(get("/wait/soon")).status == 422);

    const auto has_active = [&](const std::string& count) {
        return eventually(2s, [&] {
            return metrics().render().find("active_requests{server_port=\"" + std::to_string(server.port()) +
                                           "\"} " + count + "\n") != std::string::npos;
        });
    };
    // Handlers that are late have been answered for, and still run.
    REQUIRE(has_active("0"));
    std::vector<Client> waiting;
    for (std::size_t i = 0; i < kProcessLimits.waiting; ++i) {
        waiting.emplace_back(server.port());
        waiting.back().send(get("/wait/2500"));
    }
    REQUIRE(has_active(std::to_string(kProcessLimits.waiting)));
    CHECK(client.ask(get("/wait/900")).status == 504);
    for (auto& one : waiting)
        CHECK(one.read().body == "slow");
    CHECK(waiting.front().ask(get("/wait/900")).body == "slow");
}

TEST_CASE("authorize guards every route that is not public")
{
    ServerOptions options;
    options.authorize = bearer_tokens({"secret"});
    TestServer server(std::move(options));
    Client client(server.port());
    const auto refused = client.ask(get("/say/x"));
    CHECK(refused.status == 401);
    CHECK(refused.header("WWW-Authenticate") == "Bearer");
    CHECK(client.ask(get("/say/x", "Authorization: Bearer secret\r\n")).status == 200);
    CHECK(client.ask(get("/health")).status == 200);
}

TEST_CASE("more requests in flight than allowed are refused at once, health aside")
{
    TestServer server;
    std::vector<Client> busy;
    for (std::size_t i = 0; i < kProcessLimits.in_flight; ++i) {
        busy.emplace_back(server.port());
        busy.back().send(get("/slow/700"));
    }
    Client client(server.port());
    REQUIRE(eventually(500ms, [&] { return client.ask(get("/say/x")).status == 503; }));
    const auto refused = client.ask(get("/say/x"));
    CHECK(refused.status == 503);
    CHECK(refused.code() == "unavailable");
    CHECK(refused.header("Retry-After") == "1");
    CHECK(client.ask(get("/health")).status == 200);
    for (auto& one : busy)
        CHECK(one.read().status == 200);
    CHECK(client.ask(get("/say/x")).status == 200);
}

TEST_CASE("requests and refusals are counted")
{
    TestServer server;
    Client client(server.port());
    client.ask(get("/say/x"));
    client.ask(get("/nowhere"));
    Client(server.port()).ask("garbage\r\n\r\n");
    const auto text = metrics().render();
    CHECK(text.find("http_server_request_duration_seconds_bucket{") != std::string::npos);
    CHECK(text.find("http_route=\"/say/{name}\"") != std::string::npos);
    CHECK(text.find("http_response_status_code=\"404\"") != std::string::npos);
    CHECK(text.find("http_server_refused_requests_total{reason=\"malformed\"}") != std::string::npos);
    const auto port = "server_port=\"" + std::to_string(server.port()) + "\"";
    CHECK(eventually(2s, [&] {
        return metrics().render().find("http_server_open_connections{" + port + "} 1") != std::string::npos;
    }));
    CHECK(text.find("http_server_active_requests{" + port + "} 0") != std::string::npos);
}
