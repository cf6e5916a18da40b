#include <doctest/doctest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>
#include <thread>

#include "lintel/core/error.hpp"
#include "lintel/testing/eventually.hpp"
#include "support.hpp"

using namespace lintel::http;
using namespace lintel::http::test;
using namespace std::chrono_literals;
using lintel::core::Deadline;
using lintel::core::Error;
using lintel::testing::eventually;

namespace {

/// A socket that listens on a port, with SO_REUSEPORT, as another process's server would.
class OtherListener {
public:
    OtherListener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        const int on = 1;
        ::setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), length) == 0);
        REQUIRE(::listen(socket_, 8) == 0);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
        port_ = ntohs(address.sin_port);
    }
    ~OtherListener() { ::close(socket_); }
    OtherListener(const OtherListener&) = delete;
    OtherListener& operator=(const OtherListener&) = delete;
    std::uint16_t port() const noexcept { return port_; }

private:
    int socket_;
    std::uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("a port that is taken is named")
{
    OtherListener other;
    ServerOptions options;
    options.port = other.port();
    try {
        TestServer server(options);
        FAIL("the port was taken twice");
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find("127.0.0.1:" + std::to_string(other.port())) !=
              std::string::npos);
    }
    options.reuse_port = true;
    CHECK_NOTHROW(TestServer{options});
    options.host = "not an address";
    CHECK_THROWS_AS(TestServer{options}, Error);
}

TEST_CASE("a server can be closed and opened again on the same port, at once and often")
{
    std::uint16_t port = 0;
    for (int i = 0; i < 20; ++i) {
        ServerOptions options;
        options.port = port;
        TestServer server(std::move(options));
        port = server.port();
        Client client(port);
        CHECK(client.ask(get("/say/x")).status == 200);
        Client idle(port);
        if (i % 2 == 0) server->close();
    }
}

TEST_CASE("several servers run side by side, also on IPv6")
{
    TestServer first;
    TestServer second;
    CHECK(Client(first.port()).ask(get("/say/1")).body == "GET 1 ");
    CHECK(Client(second.port()).ask(get("/say/2")).body == "GET 2 ");
    first->close();
    CHECK(Client(second.port()).ask(get("/say/3")).body == "GET 3 ");
    ServerOptions options;
    options.host = "::1";
    CHECK_NOTHROW(TestServer{options});
}

TEST_CASE("a drain lets what is in flight finish and says so on each last response")
{
    TestServer server;
    Client busy(server.port());
    Client idle(server.port());
    CHECK(idle.ask(get("/say/x")).status == 200);
    busy.send(get("/slow/400"));
    REQUIRE(eventually(2s, [&] {
        return metrics().render().find("active_requests{server_port=\"" + std::to_string(server.port()) +
                                       "\"} 1") != std::string::npos;
    }));

    auto drained = std::async(std::launch::async, [&] { return server->drain(Deadline::after(5s)); });
    const auto reply = busy.read();
    CHECK(reply.status == 200);
    CHECK(reply.body == "slow");
    CHECK(reply.header("Connection") == "close");
    CHECK(idle.is_closed_within(2s));
    CHECK(drained.get());
    CHECK_THROWS(Client(server.port()));
}

TEST_CASE("an idle connection may bring one more request while the server drains")
{
    Limits limits = quick_limits();
    limits.drain_grace = 2s;
    TestServer server({}, limits);
    Client client(server.port());
    Client witness(server.port());
    CHECK(client.ask(get("/say/x")).status == 200);
    auto drained = std::async(std::launch::async, [&] { return server->drain(Deadline::after(5s)); });
    CHECK(eventually(2s, [&] { return witness.ask(get("/say/x")).header("Connection") == "close"; }));
    const auto reply = client.ask(get("/say/x"));
    CHECK(reply.status == 200);
    CHECK(reply.header("Connection") == "close");
    CHECK(drained.get());
}

TEST_CASE("a drain ends at its deadline, and close() cuts what is left without harm")
{
    TestServer server;
    Client client(server.port());
    client.send(get("/slow/900"));
    REQUIRE(eventually(2s, [&] {
        return metrics().render().find("active_requests{server_port=\"" + std::to_string(server.port()) +
                                       "\"} 1") != std::string::npos;
    }));
    CHECK_FALSE(server->drain(Deadline::after(100ms)));
    server->close();
    CHECK(client.is_closed_within(500ms));
    std::this_thread::sleep_for(1s);
}

TEST_CASE("a drain ends streams between two pieces")
{
    TestServer server;
    Client client(server.port());
    client.send(get("/ticks"));
    client.tcp().read_until("tick");
    CHECK(server->drain(Deadline::after(3s)));
    CHECK(client.read_rest().ends_with("0\r\n\r\n"));
}

TEST_CASE("a stream ends when its reader goes, or does not read")
{
    TestServer server;
    const auto active = "http_server_active_requests{server_port=\"" + std::to_string(server.port()) + "\"} ";
    {
        Client client(server.port());
        client.send(get("/ticks"));
        client.tcp().read_until("tick");
        CHECK(metrics().render().find(active + "1") != std::string::npos);
    }
    CHECK(eventually(2s, [&] { return metrics().render().find(active + "0") != std::string::npos; }));
}

TEST_CASE("no request is lost while servers are drained and restarted on one port under load")
{
    ServerOptions options;
    options.reuse_port = true;
    Limits limits = quick_limits();
    limits.drain_grace = 500ms;
    auto server = std::make_unique<TestServer>(options, limits);
    const auto port = server->port();
    std::atomic<bool> stop{false};
    std::atomic<int> answered{0};
    std::atomic<int> failed{0};
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
            std::optional<Client> client;
            while (!stop) {
                try {
                    if (!client) client.emplace(port);
                } catch (const std::system_error&) {
                    continue;  // nothing listens between two servers: a connection refused is no request lost
                }
                const auto reply = client->ask(post("/echo", "x"));
                (reply.status == 200 ? answered : failed).fetch_add(1);
                if (reply.header("Connection") == "close" || reply.status != 200) client.reset();
            }
        });
    }
    for (int i = 0; i < 5; ++i) {
        const int before = answered;
        CHECK(eventually(20s, [&] { return answered > before + 20; }));
        CHECK((*server)->drain(Deadline::after(5s)));
        server.reset();
        options.port = port;
        server = std::make_unique<TestServer>(options, limits);
    }
    stop = true;
    for (auto& client : clients)
        client.join();
    CHECK(failed == 0);
}
