#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "lintel/testing/eventually.hpp"
#include "support.hpp"

using namespace lintel::http;
using namespace lintel::http::test;
using namespace std::chrono_literals;
using lintel::testing::eventually;

namespace {

std::size_t resident_bytes()
{
    std::ifstream file("/proc/self/statm");
    std::size_t size = 0;
    std::size_t resident = 0;
    file >> size >> resident;
    return resident * 4096;
}

// A sanitizer keeps freed memory for a while, on purpose.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kMayGrow = 1U << 30U;
#else
constexpr std::size_t kMayGrow = 32U << 20U;
#endif

const std::string kChunked = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kPost = "POST /echo HTTP/1.1\r\nHost: h\r\n";

struct Abuse {
    const char* what;
    std::string bytes;
    int status;
    const char* code;
};

}  // namespace

TEST_CASE("abusive input is answered and the connection closed")
{
    TestServer server;
    const std::vector<Abuse> table = {
        {"garbage", "\x16\x03\x01 nothing like HTTP\r\n\r\n", 400, "malformed"},
        {"an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "malformed"},
        {"Host is missing", "GET /say/x HTTP/1.1\r\n\r\n", 400, "malformed"},
        {"two Hosts", "GET /say/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "malformed"},
        {"NUL in a header", std::string("GET /say/x HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", 39), 400,
         "malformed"},
        {"a 3 MB header", "GET /say/x HTTP/1.1\r\nHost: h\r\nX: " + std::string(3 << 20, 'a') + "\r\n\r\n",
         431, "headers_too_large"},
        {"a 3 MB target", "GET /" + std::string(3 << 20, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 431,
         "headers_too_large"},
        {"a 2 MiB body", post("/echo", std::string(2 << 20, 'a')), 413, "too_large"},
        {"a 2 MiB body, announced only", kPost + "Content-Length: 2097152\r\n\r\n", 413, "too_large"},
        {"length is garbage", kPost + "Content-Length: abc\r\n\r\n", 400, "malformed"},
        {"length is negative", kPost + "Content-Length: -5\r\n\r\nhello", 400, "malformed"},
        {"lengths in conflict", kPost + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400,
         "malformed"},
        {"the same length twice", kPost + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400,
         "malformed"},
        {"length and chunks", kPost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
         "malformed"},
        {"an unknown coding", kPost + "Transfer-Encoding: gzip\r\n\r\n", 400, "malformed"},
        {"chunk size -1", kChunked + "-1\r\n", 400, "malformed"},
        {"chunk size zz", kChunked + "zz\r\n", 400, "malformed"},
        {"chunk size 7fffffff", kChunked + "7fffffff\r\n", 413, "too_large"},
        {"chunk size ffffffffffffffff", kChunked + "ffffffffffffffff\r\n", 413, "too_large"},
        {"an endless chunk extension", kChunked + "1;" + std::string(3 << 20, 'a'), 431, "headers_too_large"},
    };
    for (const auto& [what, bytes, status, code] : table) {
        CAPTURE(what);
        Client client(server.port());
        client.send(bytes);
        const auto reply = client.read();
        CHECK(reply.status == status);
        CHECK(reply.code() == code);
        CHECK(reply.header("Connection") == "close");
        CHECK(client.is_closed_within(3s));
    }
    CHECK(Client(server.port()).ask(get("/say/x")).status == 200);
}

TEST_CASE("bad targets are refused without closing the connection")
{
    TestServer server;
    Client client(server.port());
    for (const auto* target : {"/say/%zz", "/say/%00", "/say/%ff", "/say/%C0%AF", "/say/%4", "/say/x?a=%zz",
                               "/say/x?%00=1", "/say/x#y", "say/x", "/say/x?a=%ED%A0%80", "/nowhere/%ff"}) {
        CAPTURE(target);
        const auto reply = client.ask(get(target));
        CHECK(reply.status == 400);
        CHECK(reply.code() == "malformed");
    }
    CHECK(client.ask(get("/say/../../etc/passwd")).status == 404);
    CHECK(client.ask(get("/say/x")).status == 200);
}

TEST_CASE("a client that starts and never ends is closed at its time limit")
{
    TestServer server;
    const std::vector<std::pair<const char*, std::string>> table = {
        {"connects and says nothing", ""},
        {"stops in the request line", "GET /sa"},
        {"stops in the headers", "GET /say/x HTTP/1.1\r\nHost: h\r\n"},
        {"stops in the body", kPost + "Content-Length: 10\r\n\r\nhel"},
        {"stops in a chunk", kChunked + "a\r\nhel"},
        {"sends empty lines", "\r\n\r\n\r\n"},
    };
    for (const auto& [what, bytes] : table) {
        CAPTURE(what);
        Client client(server.port());
        if (!bytes.empty()) client.send(bytes);
        CHECK(client.is_closed_within(1500ms));
    }
}

TEST_CASE("slow-loris: a header line now and then does not extend the time limit")
{
    TestServer server;
    Client client(server.port());
    client.send("GET /say/x HTTP/1.1\r\nHost: h\r\n");
    const auto started = std::chrono::steady_clock::now();
    bool is_open = true;
    while (is_open && std::chrono::steady_clock::now() - started < 3s) {
        is_open = client.send("X: y\r\n") && !client.is_closed_within(60ms);
    }
    CHECK(std::chrono::steady_clock::now() - started < 1200ms);
}

TEST_CASE("an idle connection is closed, and one between requests has longer than a silent one")
{
    TestServer server;
    Client client(server.port());
    CHECK(client.ask(get("/say/x")).status == 200);
    CHECK_FALSE(client.is_closed_within(500ms));
    CHECK(client.is_closed_within(1500ms));
}

TEST_CASE("a client that does not read its response is closed")
{
    TestServer server;
    Client client(server.port());
    client.send(get("/large/20000000"));
    CHECK(eventually(4s, [&] {
        return metrics().render().find("http_server_open_connections{server_port=\"" +
                                       std::to_string(server.port()) + "\"} 0") != std::string::npos;
    }));
}

TEST_CASE("half-open connections stop nobody else: their number is limited and the rest of the reserve stays")
{
    TestServer server;
    ServerOptions reserved;
    reserved.reserved = true;
    TestServer ops(std::move(reserved));
    std::vector<Client> half_open;
    int refused = 0;
    for (int i = 0; i < 80; ++i) {
        half_open.emplace_back(server.port());
        half_open.back().send("GET / HT");
    }
    // The ops listener answers while the other one is full.
    CHECK(Client(ops.port()).ask(get("/say/x")).status == 200);
    for (auto& client : half_open) {
        const auto text = client.read_rest(1500ms);
        if (text.starts_with("HTTP/1.1 503 ")) ++refused;
    }
    CHECK(refused >= 80 - static_cast<int>(kProcessLimits.connections));
    CHECK(eventually(3s, [&] { return Client(server.port()).ask(get("/say/x")).status == 200; }));
}

TEST_CASE("a body that is refused is not kept in memory")
{
    TestServer server;
    const auto before = resident_bytes();
    for (int i = 0; i < 4; ++i) {
        Client client(server.port());
        client.send(kPost + "Content-Length: 60000000\r\n\r\n");
        CHECK(client.read().status == 413);
        // The server reads and drops, or has closed: either way sending ends.
        for (int piece = 0; piece < 60 && client.send(std::string(1 << 20, 'x')); ++piece)
            continue;
    }
    CHECK(resident_bytes() - std::min(before, resident_bytes()) < kMayGrow);
}
