// More brokers than one: a list of them, and clusters that tell of one another.

#include <array>
#include <thread>

#include "lintel/testing/tcp_client.hpp"
#include "messaging_test_support.hpp"

namespace lintel::messaging {
namespace {

bool can_ask(Peer& peer)
{
    return peer.ask("test.nobody", "1", {}, 300ms).ends_with("nobody is subscribed to it");
}

TEST_CASE("another server of the list is taken when one is away")
{
    testing::NatsServer first;
    testing::NatsServer second;
    Peer peer(first.url() + "," + second.url(), impatient());
    peer.await_connected();
    first.kill();
    CHECK(testing::eventually(5s, [&] { return can_ask(peer); }));
    first.start();
    second.kill();
    CHECK(testing::eventually(5s, [&] { return can_ask(peer); }));
}

/// Ports over which two servers find each other.
struct Routes {
    std::array<std::uint16_t, 2> ports{testing::free_port(), testing::free_port()};

    testing::NatsServerOptions options(std::size_t member) const
    {
        const auto address = [this](std::size_t i) { return "127.0.0.1:" + std::to_string(ports.at(i)); };
        return {.config = "cluster { name: test, listen: \"" + address(member) +
                          "\", routes: [\"nats-route://" + address(1 - member) + "\"] }"};
    }
};

TEST_CASE("a caller and a replica find each other through a cluster, and again when a member dies")
{
    const Routes routes;
    testing::NatsServer first(routes.options(0));
    testing::NatsServer second(routes.options(1));
    Replica replica(second.url(), {}, impatient());
    replica.serve("test.echo", echo);
    replica.start();
    Peer peer(first.url(), impatient());
    peer.await_connected();
    const auto is_answered = [&] { return peer.ask("test.echo", "1", {}, 300ms) == "1"; };
    CHECK(testing::eventually(10s, is_answered));
    INFO("the caller knows only the one that dies, but was told of the other");
    first.kill();
    CHECK(testing::eventually(10s, is_answered));
    first.start();
    second.kill();
    CHECK(testing::eventually(10s, is_answered));
}

TEST_CASE("a server that has joined the cluster later is known, too")
{
    const Routes routes;
    testing::NatsServer first(routes.options(0));
    Peer peer(first.url(), impatient());
    peer.await_connected();
    testing::NatsServer second(routes.options(1));
    Peer neighbour(second.url(), impatient());
    neighbour.await_connected();
    // Its news reach the caller within one look at the connection.
    std::this_thread::sleep_for(2s);
    first.kill();
    CHECK(testing::eventually(10s, [&] { return can_ask(peer); }));
}

}  // namespace
}  // namespace lintel::messaging
