// The process as it runs: what a workflow is to be told reaches it once somebody answers for workflows, once.
#include <map>
#include <mutex>

#include "delivery_fixture.hpp"
#include "lintel/contracts/deliveries_endpoints.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/messaging/service.hpp"
#include "lintel/testing/child_process.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/nats_server.hpp"
#include "lintel/testing/tcp_client.hpp"
#include "lintel/testing/temp_dir.hpp"

using namespace lintel;
using namespace lintel::deliveries;
using contracts::DeliveryState;

namespace {

struct Peer {
    explicit Peer(const testing::NatsServer& broker)
        : connection(threads.executor(), metrics, {.url = broker.url(), .name = "peer"})
    {
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
    }
    telemetry::Metrics metrics;
    core::IoThreads threads{2};
    messaging::Connection connection;
};

/// Answers for the workflow workers, as they do: a signal counts once for its id.
struct Workflows : Peer {
    explicit Workflows(const testing::NatsServer& broker) : Peer(broker)
    {
        service.serve<contracts::WorkflowsSignal>(
            [this](const messaging::Request& request, contracts::WorkflowSignal signal) {
                return take(request.idempotency_key, std::move(signal));
            });
        service.start();
        core::sync_wait(connection.flush(core::Deadline::after(5s)));
    }
    ~Workflows() { core::sync_wait(service.drain(core::Deadline::after(10s))); }

    core::Task<contracts::SignalReceipt> take(std::string key, contracts::WorkflowSignal signal)
    {
        std::lock_guard lock(mutex);
        if (signal.id == ended) throw core::Error(core::ErrorCode::conflict, "the workflow has ended");
        if (signal.id == unknown) throw core::Error(core::ErrorCode::not_found, "there is no such workflow");
        contracts::SignalReceipt receipt;
        receipt.workflow_id = signal.id;
        CHECK(key == signal.signal_id);
        receipt.is_duplicate = !signals.emplace(signal.signal_id, json::parse(signal.payload)).second;
        co_return receipt;
    }
    std::size_t count() const
    {
        std::lock_guard lock(mutex);
        return signals.size();
    }
    void accept_all()
    {
        std::lock_guard lock(mutex);
        unknown.reset();
    }

    std::optional<core::Id> ended;
    std::optional<core::Id> unknown;
    mutable std::mutex mutex;
    std::map<std::string, json> signals;
    messaging::Service service{connection, {"workflows", "1.0.0", "takes signals", {}, {}}};
};

struct Process {
    explicit Process(const testing::NatsServer& broker, const Database& database)
        : child({.command = {LINTEL_DELIVERIES},
                 .environment = {{"DATABASE_URL", database.url()},
                                 {"NATS_URL", broker.url()},
                                 {"OPS_PORT", std::to_string(port)},
                                 {"INTENT_MEASURE", "100ms"},
                                 {"DRAIN_DELAY", "50ms"}},
                 .log = directory.path() / "log",
                 .user = {},
                 .working_directory = {}})
    {
        REQUIRE(testing::eventually(20s, [this] { return is_ready(); }));
    }
    std::string ops(const std::string& path) const
    {
        testing::TcpClient client(port);
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return client.read_all();
    }
    bool is_ready() const
    {
        try {
            return ops("/health/ready").starts_with("HTTP/1.1 200 ");
        } catch (const std::exception&) {
            return false;
        }
    }
    bool measures(const std::string& line) const
    {
        return testing::eventually(
            20s, [&] { return ops("/metrics").find("\n" + line + "\n") != std::string::npos; });
    }

    std::uint16_t port = testing::free_port();
    testing::TempDir directory;
    testing::ChildProcess child;
};

struct Caller : Peer {
    using Peer::Peer;

    template <typename Endpoint>
    typename Endpoint::Reply call(const json& request, const std::string& key = {})
    {
        messaging::RequestOptions options;
        options.idempotency_key = key;
        return core::sync_wait(client.call<Endpoint>(soon(), Endpoint::parse_request(request), options));
    }
    /// Two replicas answer, and a command may be sent to each.
    template <typename Endpoint>
    typename Endpoint::Reply twice(const json& request, const std::string& key)
    {
        call<Endpoint>(request, key);
        return call<Endpoint>(request, key);
    }

    messaging::Client client{connection};
};

std::string pending(const Database& database)
{
    return database.query("SELECT count(*) FROM intents");
}

}  // namespace

TEST_CASE("what was promised while nobody answered for workflows is delivered once somebody does, once")
{
    const Database database;
    testing::NatsServer broker;
    Process one(broker, database);
    Process other(broker, database);
    Caller caller(broker);

    const auto made = caller.call<contracts::DeliveriesCreate>(order_with_workflow(), "k");
    const auto id = made.id.to_string();
    caller.twice<contracts::DeliveriesDispatch>({{"id", id}, {"carrier", "Swiss Post"}}, "d");
    const auto delivered = caller.twice<contracts::DeliveriesDeliver>({{"id", id}}, "e");
    CHECK(delivered.is_replay);
    CHECK(delivered.state == DeliveryState::delivered);
    CHECK(pending(database) == "2");

    // Whoever takes over keeps the promises of those who died.
    one.child.kill();
    Workflows workflows(broker);
    REQUIRE(testing::eventually(20s, [&] { return pending(database) == "0"; }));
    CHECK(workflows.count() == 2);
    CHECK(workflows.signals.at(id + "/dispatched").at("carrier") == "Swiss Post");
    CHECK(workflows.signals.at(id + "/delivered") == json{{"deliveryId", id}, {"isDelivered", true}});
    CHECK(other.child.terminate() == 0);
}

TEST_CASE("a signal goes out at once, and one that an ended workflow does not take is no failure")
{
    const Database database;
    testing::NatsServer broker;
    Workflows workflows(broker);
    workflows.ended = core::Id::generate();
    Process process(broker, database);
    Caller caller(broker);

    const auto living = caller.call<contracts::DeliveriesCreate>(order_with_workflow());
    const auto late = caller.call<contracts::DeliveriesCreate>(order_with_workflow(*workflows.ended));
    for (const auto& id : {late.id.to_string(), living.id.to_string()}) {
        caller.call<contracts::DeliveriesDispatch>({{"id", id}});
        caller.call<contracts::DeliveriesFail>({{"id", id}, {"reason", "refused"}, {"isFinal", true}});
        CHECK(caller.call<contracts::DeliveriesGet>({{"id", id}}).is_final == true);
        CHECK(caller.call<contracts::DeliveriesCancel>({{"id", id}}).state == DeliveryState::cancelled);
    }
    REQUIRE(testing::eventually(20s, [&] { return pending(database) == "0"; }));
    CHECK(workflows.count() == 2);
    CHECK(workflows.signals.at(living.id.to_string() + "/delivered").at("reason") == "refused");
    CHECK(caller.call<contracts::DeliveriesList>({{"state", "cancelled"}}).items.size() == 2);
    CHECK(process.child.terminate() == 0);
}

TEST_CASE("a signal that is refused is counted, listed and, once it is taken, delivered by a retry, once")
{
    const Database database;
    testing::NatsServer broker;
    Workflows workflows(broker);
    workflows.unknown = core::Id::generate();
    Process process(broker, database);
    Caller caller(broker);
    const auto id =
        caller.call<contracts::DeliveriesCreate>(order_with_workflow(*workflows.unknown)).id.to_string();
    caller.call<contracts::DeliveriesDispatch>({{"id", id}});
    CHECK(process.measures(R"(lintel_intents{state="failed"} 1)"));

    const auto failed = caller.call<contracts::DeliveriesIntentsList>({{"state", "failed"}});
    REQUIRE(failed.items.size() == 1);
    const auto& intent = failed.items.front();
    CHECK(intent.subject == "workflows.signal");
    CHECK(intent.resource_id.to_string() == id);
    CHECK(intent.state == contracts::IntentState::failed);
    CHECK(intent.attempts == 1);
    CHECK(intent.last_error == "not_found: there is no such workflow");
    CHECK(caller.call<contracts::DeliveriesIntentsList>({{"state", "pending"}}).items.empty());

    workflows.accept_all();
    const json wish = {{"id", intent.id.to_string()}};
    const auto again = caller.call<contracts::DeliveriesIntentsRetry>(wish);
    CHECK(again.state == contracts::IntentState::pending);
    CHECK(again.id == intent.id);
    REQUIRE(testing::eventually(20s, [&] { return pending(database) == "0"; }));
    CHECK(workflows.count() == 1);
    CHECK(workflows.signals.contains(id + "/dispatched"));
    CHECK(refusal([&] { caller.call<contracts::DeliveriesIntentsRetry>(wish); }) ==
          core::ErrorCode::not_found);
    CHECK(caller.call<contracts::DeliveriesIntentsList>(json::object()).items.empty());
    CHECK(process.measures(R"(lintel_intents{state="failed"} 0)"));
    CHECK(process.child.terminate() == 0);
}
