// What happens when the broker goes away, comes back, or stands still.

#include <atomic>
#include <set>
#include <thread>

#include "messaging_test_support.hpp"

namespace lintel::messaging {
namespace {

TEST_CASE("a process starts without a broker and connects when it comes")
{
    testing::NatsServer broker;
    broker.kill();
    Replica replica(broker.url());
    replica.serve("test.echo", echo);
    std::atomic<int> changes{0};
    replica.connection.on_state_change([&](bool connected) { changes += connected ? 1 : 100; });
    replica.service.start();
    CHECK_FALSE(replica.connection.is_connected());
    CHECK(replica.ask("test.echo", "1") ==
          "unavailable: not delivered to 'test.echo': no connection to the broker");
    CHECK_THROWS_AS(core::sync_wait(replica.connection.flush(core::Deadline::after(1s))), core::Error);
    broker.start();
    replica.await_connected();
    CHECK(replica.ask("test.echo", "1") == "1");
    CHECK(testing::eventually(5s, [&] { return changes == 1; }));
    broker.kill();
    CHECK(testing::eventually(5s, [&] { return changes == 101; }));
}

/// Numbers the requests, so that each execution can be told from every other.
struct Ledger {
    core::Task<std::string> record(Request request)
    {
        const auto number = request.data().get<int>();
        std::lock_guard lock(mutex);
        executed.insert(number);
        co_return std::to_string(number);
    }

    std::size_t count(int number)
    {
        std::lock_guard lock(mutex);
        return executed.count(number);
    }

    std::mutex mutex;
    std::multiset<int> executed;
};

struct Outcomes {
    std::mutex mutex;
    std::set<int> answered;
    std::set<int> not_delivered;
    std::set<int> unknown;
};

core::Task<void> keep_calling(Peer& peer, std::atomic<int>& next, Outcomes& outcomes, std::atomic<bool>& stop,
                              std::atomic<int>& running)
{
    while (!stop) {
        const int number = next++;
        auto* outcome = &outcomes.answered;
        try {
            const auto context = within(1s);
            co_await peer.client.request(context, "test.record", std::to_string(number));
        } catch (const core::Error& error) {
            outcome =
                error.code() == core::ErrorCode::unavailable ? &outcomes.not_delivered : &outcomes.unknown;
        }
        {
            std::lock_guard lock(outcomes.mutex);
            outcome->insert(number);
        }
        if (outcome == &outcomes.not_delivered) co_await peer.threads.executor().sleep(5ms);
    }
    --running;
}

TEST_CASE("nothing stale runs when the broker is killed and restarted under load")
{
    testing::NatsServer broker;
    Replica replica(broker.url(), {}, impatient());
    Ledger ledger;
    replica.serve("test.record", [&](Request request) { return ledger.record(std::move(request)); });
    replica.start();
    Peer peer(broker.url(), impatient());
    peer.await_connected();
    Outcomes outcomes;
    std::atomic<int> next{0};
    std::atomic<int> running{32};
    std::atomic<bool> stop{false};
    for (int i = 0; i < 32; ++i)
        core::spawn(keep_calling(peer, next, outcomes, stop, running));
    const auto answered = [&] {
        std::lock_guard lock(outcomes.mutex);
        return outcomes.answered.size();
    };
    for (int restart = 0; restart < 5; ++restart) {
        const auto before = answered();
        CHECK(testing::eventually(20s, [&] { return answered() > before + 200; }));
        broker.kill();
        std::this_thread::sleep_for(50ms);
        broker.start();
    }
    const auto before = answered();
    CHECK(testing::eventually(20s, [&] { return answered() > before + 200; }));
    stop = true;
    CHECK(testing::eventually(10s, [&] { return running == 0; }));
    for (const int number : outcomes.answered)
        CHECK(ledger.count(number) == 1);
    for (const int number : outcomes.not_delivered)
        CHECK(ledger.count(number) == 0);
    for (const int number : outcomes.unknown)
        CHECK(ledger.count(number) <= 1);
    MESSAGE(outcomes.answered.size(), " answered, ", outcomes.not_delivered.size(), " not delivered, ",
            outcomes.unknown.size(), " unknown");
    CHECK(peer.metric("messaging_connects_total") >= 6);
}

TEST_CASE("a broker that stands still is given up, and used again when it moves")
{
    testing::NatsServer broker;
    Replica replica(broker.url(), {}, impatient());
    replica.serve("test.echo", echo);
    replica.start();
    broker.pause();
    CHECK(testing::eventually(5s, [&] { return !replica.connection.is_connected(); }));
    const auto started = std::chrono::steady_clock::now();
    CHECK(replica.ask("test.echo", "1").starts_with("unavailable: "));
    CHECK(std::chrono::steady_clock::now() - started < 1s);
    broker.resume();
    replica.await_connected();
    CHECK(replica.ask("test.echo", "1") == "1");
}

TEST_CASE("a broker that stands still does not fill the memory")
{
    testing::NatsServer broker;
    auto options = impatient();
    options.ping_interval = 10s;
    options.write_deadline = 10s;
    options.outgoing_bytes_max = 1 << 20;
    Peer peer(broker.url(), options);
    peer.await_connected();
    broker.pause();
    const std::string payload(100000, 'x');
    int taken = 0;
    CHECK_THROWS_AS(
        [&] {
            for (; taken < 1000; ++taken) {
                peer.client.publish(within(1s), "test.flood", payload);
                std::this_thread::sleep_for(1ms);
            }
        }(),
        core::Error);
    CHECK(taken < 500);
    broker.resume();
    core::sync_wait(peer.connection.flush(core::Deadline::after(5s)));
}

}  // namespace
}  // namespace lintel::messaging
