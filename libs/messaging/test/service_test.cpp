// Replicas together: queue groups, leaving, draining, and the services protocol.

#include <atomic>
#include <future>
#include <map>
#include <thread>

#include "lintel/core/json.hpp"
#include "messaging_test_support.hpp"
#include "raw_nats.hpp"

namespace lintel::messaging {
namespace {

core::Task<void> call_many(Peer& peer, int from, int count, std::atomic<int>& answered,
                           std::atomic<int>& failed)
{
    for (int number = from; number < from + count; ++number) {
        try {
            const auto context = within(10s);
            co_await peer.client.request(context, "test.work", std::to_string(number));
            ++answered;
        } catch (const core::Error&) {
            ++failed;
        }
    }
}

struct Work {
    core::Task<std::string> run(core::Executor& executor, Request request)
    {
        co_await executor.sleep(2ms);
        std::lock_guard lock(mutex);
        ++runs[request.data().get<int>()];
        co_return "true";
    }

    std::mutex mutex;
    std::map<int, int> runs;
};

void serve_work(Replica& replica, Work& work)
{
    replica.serve("test.work", [&replica, &work](Request request) {
        return work.run(replica.threads.executor(), std::move(request));
    });
    replica.start();
}

TEST_CASE("each request runs once, and none is lost while replicas come, drain and leave")
{
    testing::NatsServer broker;
    Work work;
    auto first = std::make_unique<Replica>(broker.url());
    auto second = std::make_unique<Replica>(broker.url());
    serve_work(*first, work);
    serve_work(*second, work);
    Peer peer(broker.url());
    peer.await_connected();
    std::atomic<int> answered{0};
    std::atomic<int> failed{0};
    constexpr int kCallers = 64;
    constexpr int kCalls = 100;
    for (int i = 0; i < kCallers; ++i)
        core::spawn(call_many(peer, i * kCalls, kCalls, answered, failed));
    for (int round = 1; round <= 4; ++round) {
        CHECK(testing::eventually(30s, [&] { return answered > kCallers * kCalls * round / 8; }));
        auto next = std::make_unique<Replica>(broker.url());
        serve_work(*next, work);
        CHECK(core::sync_wait(first->service.drain(core::Deadline::after(10s))));
        CHECK(first->service.in_flight() == 0);
        first = std::move(second);
        second = std::move(next);
    }
    first->service.leave();
    first->service.join();
    CHECK(testing::eventually(30s, [&] { return answered + failed == kCallers * kCalls; }));
    CHECK(failed == 0);
    std::lock_guard lock(work.mutex);
    CHECK(work.runs.size() == kCallers * kCalls);
    for (const auto& [number, times] : work.runs)
        CHECK(times == 1);
}

TEST_CASE("a replica that has left gets nothing until it joins again")
{
    testing::NatsServer broker;
    Work work;
    Replica replica(broker.url());
    serve_work(replica, work);
    Peer peer(broker.url());
    peer.await_connected();
    CHECK(peer.ask("test.work", "1") == "true");
    replica.service.leave();
    CHECK(testing::eventually(
        5s, [&] { return peer.ask("test.work", "2").ends_with("nobody is subscribed to it"); }));
    broker.kill();
    broker.start();
    replica.await_connected();
    peer.await_connected();
    CHECK(peer.ask("test.work", "3").ends_with("nobody is subscribed to it"));
    replica.service.join();
    CHECK(testing::eventually(5s, [&] { return peer.ask("test.work", "4") == "true"; }));
}

TEST_CASE("a replica drains without a broker, and when it goes away meanwhile")
{
    testing::NatsServer broker;
    Work work;
    {
        Replica replica(broker.url());
        serve_work(replica, work);
        replica.await_connected();
        broker.kill();
        REQUIRE(testing::eventually(5s, [&] { return !replica.connection.is_connected(); }));
        CHECK(core::sync_wait(replica.service.drain(core::Deadline::after(10s))));
    }
    broker.start();
    Replica replica(broker.url());
    serve_work(replica, work);
    replica.await_connected();
    broker.pause();
    auto draining = std::async(std::launch::async, [&] {
        return core::sync_wait(replica.service.drain(core::Deadline::after(1min)));
    });
    std::this_thread::sleep_for(100ms);
    broker.kill();
    CHECK(draining.get());
}

nlohmann::json ask_service(Peer& peer, const std::string& subject)
{
    return nlohmann::json::parse(peer.ask(subject, ""));
}

TEST_CASE("the services protocol answers as ADR-32 and its clients want it")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    replica.serve("test.ok", [](Request) -> core::Task<std::string> { co_return "1"; });
    replica.serve("test.fail", [](Request) -> core::Task<std::string> {
        throw core::Error(core::ErrorCode::not_found, "no such thing");
        co_return "";
    });
    replica.start();
    Peer peer(broker.url());
    peer.await_connected();
    peer.ask("test.ok", "{}");
    peer.ask("test.fail", "{}");
    const auto id = replica.service.instance_id();
    const nlohmann::json common{
        {"name", "test"}, {"id", id}, {"version", "1.0.0"}, {"metadata", {{"framework", "lintel"}}}};

    auto ping = common;
    ping["type"] = "io.nats.micro.v1.ping_response";
    for (const auto& subject :
         {std::string("$SRV.PING"), std::string("$SRV.PING.test"), "$SRV.PING.test." + id})
        CHECK(ask_service(peer, subject) == ping);
    CHECK(peer.ask("$SRV.PING.other", "").ends_with("nobody is subscribed to it"));

    auto info = common;
    info["type"] = "io.nats.micro.v1.info_response";
    info["description"] = "a test";
    const nlohmann::json none = nlohmann::json::object();
    info["endpoints"] = {
        {{"name", "test-ok"}, {"subject", "test.ok"}, {"queue_group", "test-service"}, {"metadata", none}},
        {{"name", "test-fail"},
         {"subject", "test.fail"},
         {"queue_group", "test-service"},
         {"metadata", none}}};
    CHECK(ask_service(peer, "$SRV.INFO") == info);

    const auto stats = ask_service(peer, "$SRV.STATS.test");
    CHECK(stats["type"] == "io.nats.micro.v1.stats_response");
    CHECK(stats["started"].get<std::string>().ends_with("Z"));
    const auto& failing = stats["endpoints"][1];
    CHECK(failing["num_requests"] == 1);
    CHECK(failing["num_errors"] == 1);
    CHECK(failing["last_error"] == "404:no such thing");
    CHECK(failing["processing_time"].is_number_integer());
    CHECK(failing["average_processing_time"] == failing["processing_time"]);
    CHECK(stats["endpoints"][0]["last_error"] == "");
}

TEST_CASE("names that the protocol does not allow are refused")
{
    testing::NatsServer broker;
    Replica replica(broker.url());
    CHECK_THROWS_AS(replica.serve("a b", [](Request) -> core::Task<std::string> { co_return "1"; }),
                    std::invalid_argument);
    CHECK_THROWS_AS(Service(replica.connection, {"a.b", "1.0.0", "", {}, {}}), std::invalid_argument);
    CHECK_THROWS_AS(Service(replica.connection, {"a", "v1.0", "", {}, {}}), std::invalid_argument);
}

}  // namespace
}  // namespace lintel::messaging
