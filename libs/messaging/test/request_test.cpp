#include "messaging_test_support.hpp"

#include "lintel/core/json.hpp"

namespace lintel::messaging {
namespace {

core::Task<std::string> echo(Request request)
{
    co_return core::dump_json(request.data());
}

TEST_CASE("a plain request is answered")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    replica.serve("test.echo", echo);
    replica.start();
    Peer peer(broker.url());
    peer.await_connected();
    CHECK(peer.ask("test.echo", R"({"a":1})") == R"({"a":1})");
}

TEST_CASE("a call to nobody is not delivered")
{
    testing::NatsServer broker;
    Peer peer(broker.url());
    peer.await_connected();
    const auto started = std::chrono::steady_clock::now();
    CHECK(peer.ask("test.nobody", "{}") ==
          "unavailable: not delivered to 'test.nobody': nobody is subscribed to it");
    CHECK(std::chrono::steady_clock::now() - started < 1s);
}

}  // namespace
}  // namespace lintel::messaging
