// Many clients on few products, over a real broker and a real Postgres.

#include <atomic>
#include <future>
#include <mutex>

#include "hold_endpoints.hpp"
#include "inventory_fixture.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/nats_server.hpp"

using namespace lintel;
using namespace lintel::inventory;
using core::ErrorCode;

namespace {

/// A replica that is asked over NATS.
struct Worker : Replica {
    Worker(const Database& database, const std::string& broker)
        : Replica(database), connection(threads.executor(), metrics, {.url = broker, .name = "inventory"})
    {
        add_hold_endpoints(service, holds);
        service.start();
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
        core::sync_wait(connection.flush(core::Deadline::after(5s)));
    }
    ~Worker() { CHECK(core::sync_wait(service.drain(core::Deadline::after(10s)))); }

    messaging::Connection connection;
    messaging::Service service{connection, {"inventory", "1.0.0", "a replica", {}, {}}};
};

/// The set, and clients that all ask at once.
struct World {
    World()
    {
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
    }

    /// Sends all requests, then waits for all answers.
    template <typename Endpoint>
    void ask(std::vector<typename Endpoint::Request> requests, const std::string& key = {})
    {
        left = requests.size();
        std::promise<void> all;
        done = &all;
        for (auto& request : requests)
            core::spawn(one<Endpoint>(std::move(request), key));
        REQUIRE(all.get_future().wait_for(60s) == std::future_status::ready);
    }

    template <typename Endpoint>
    core::Task<void> one(typename Endpoint::Request request, std::string key)
    {
        messaging::RequestOptions options;
        options.idempotency_key = std::move(key);
        try {
            auto hold = co_await client.call<Endpoint>(telemetry::Context::start(30s), request, options);
            std::lock_guard lock(mutex);
            held.push_back(std::move(hold));
        } catch (const core::Error& error) {
            std::lock_guard lock(mutex);
            ++refused[error.code()];
        }
        if (--left == 0) done->set_value();
    }

    std::vector<contracts::HoldReserve> orders(std::size_t count, const std::vector<Lines>& in_turns) const
    {
        std::vector<contracts::HoldReserve> all;
        for (std::size_t at = 0; at < count; ++at)
            all.push_back(one_worker.order(in_turns[at % in_turns.size()]));
        return all;
    }

    Database database;
    testing::NatsServer broker;
    Worker one_worker{database, broker.url()};
    Worker other_worker{database, broker.url()};
    core::IoThreads threads{2};
    telemetry::Metrics metrics;
    messaging::Connection connection{threads.executor(), metrics, {.url = broker.url(), .name = "clients"}};
    messaging::Client client{connection};
    std::mutex mutex;
    std::vector<contracts::HoldChanged> held;
    std::map<ErrorCode, int> refused;
    std::atomic<std::size_t> left{0};
    std::promise<void>* done = nullptr;
};

/// Somebody who has the stock of a sku, until he is let go.
class Hoarder {
public:
    Hoarder(const Database& database, const std::string& sku)
        : pool_(threads_.executor(), metrics_, {.url = database.url()})
    {
        auto body = [this, sku](storage::Transaction& transaction) {
            const StockPlace place{*core::Id::parse("019a9f5e-7a02-7b52-9c10-0d4e5f6a7b81"), sku};
            const auto book = lock_stock(transaction, {place}, Patience::waits);
            has_it_.set_value();
            let_go_.get_future().wait();
            return book.has(place);
        };
        task_ = std::async(std::launch::async, [this, body] {
            return core::sync_wait(pool_.transact(telemetry::Context::start(30s), body));
        });
        has_it_.get_future().wait();
    }
    void let_go()
    {
        let_go_.set_value();
        CHECK(task_.get());
    }

private:
    core::IoThreads threads_{1};
    telemetry::Metrics metrics_;
    storage::Pool pool_;
    std::promise<void> has_it_;
    std::promise<void> let_go_;
    std::future<bool> task_;
};

}  // namespace

TEST_CASE("of many who want one product at once, those get it for whom there is enough, and no more")
{
    World world;
    world.one_worker.stock_up("hot", 100);
    world.ask<contracts::InventoryReserve>(world.orders(400, {{{"hot", 1}}}));
    CHECK(world.held.size() == 100);
    CHECK(world.refused == std::map<ErrorCode, int>{{ErrorCode::conflict, 300}});
    CHECK(world.database.stock("hot") == "100/100");
    CHECK(world.database.wrong_stock().empty());

    // Everything is said twice, at the same time; half are given back after all.
    const auto made = std::exchange(world.held, {});
    std::vector<contracts::HoldConfirm> confirms;
    std::vector<contracts::HoldRelease> releases;
    for (std::size_t at = 0; at < made.size(); ++at) {
        confirms.insert(confirms.end(), 2, {made[at].id});
        if (at % 2 == 0) releases.insert(releases.end(), 2, {made[at].id, {}});
    }
    world.refused.clear();
    world.ask<contracts::InventoryConfirm>(confirms);
    CHECK(world.database.stock("hot") == "0/0");
    world.ask<contracts::InventoryRelease>(releases);
    CHECK(world.refused.empty());
    CHECK(world.database.stock("hot") == "50/0");
    CHECK(world.database.wrong_stock().empty());
    CHECK(world.database.query("SELECT count(*) FROM stock_movements") == "251");
}

TEST_CASE(
    "orders of the same products in another order wait for each other in no circle, and get all or none")
{
    World world;
    for (const auto* sku : {"a", "b", "c"})
        world.one_worker.stock_up(sku, 60);
    const std::vector<Lines> orders{
        {{"a", 1}, {"b", 1}, {"c", 1}}, {{"c", 1}, {"b", 1}, {"a", 1}}, {{"b", 2}, {"a", 2}}};
    world.ask<contracts::InventoryReserve>(world.orders(150, orders));
    CHECK(world.refused.size() == 1);
    CHECK(world.refused.contains(ErrorCode::conflict));
    CHECK(world.database.stock("a") == world.database.stock("b"));
    CHECK(world.database.stock("a") == "60/60");
    CHECK(world.database.wrong_stock().empty());
}

TEST_CASE("one key makes one hold, however many ask with it at once, and whomever")
{
    World world;
    world.one_worker.stock_up("hot", 100);
    world.ask<contracts::InventoryReserve>(std::vector(60, world.one_worker.order(Lines{{"hot", 3}})),
                                           "the-key");
    CHECK(world.refused == std::map<ErrorCode, int>());
    CHECK(world.held.size() == 60);
    int replays = 0;
    for (const auto& hold : world.held) {
        CHECK(hold.id == world.held.front().id);
        replays += hold.is_replay;
    }
    CHECK(replays == 59);
    CHECK(world.database.stock("hot") == "100/3");
}

TEST_CASE(
    "of a confirm and a release at the same time, each hold sees both or one of them, and the books are "
    "right")
{
    World world;
    world.one_worker.stock_up("hot", 100);
    world.ask<contracts::InventoryReserve>(world.orders(100, {{{"hot", 1}}}));
    const auto made = std::exchange(world.held, {});
    std::vector<contracts::HoldConfirm> confirms;
    std::thread releasing([&] {
        for (const auto& hold : made)
            world.other_worker.release(hold.id);
    });
    for (const auto& hold : made)
        confirms.push_back({hold.id});
    world.ask<contracts::InventoryConfirm>(confirms);
    releasing.join();
    CHECK(world.database.query("SELECT count(*) FROM holds WHERE state = 'released'") == "100");
    CHECK(world.database.stock("hot") == "100/0");
    CHECK(world.database.wrong_stock().empty());
}

TEST_CASE("a product that somebody sits on does not hold up the others")
{
    World world;
    world.one_worker.stock_up("hot", 100);
    world.one_worker.stock_up("cold", 100);
    Hoarder hoarder(world.database, "hot");
    std::atomic<bool> is_answered = false;
    // Who waits too long for a lock is told to come again.
    auto waiting = std::async(std::launch::async, [&] {
        const auto request = world.one_worker.order(Lines{{"hot", 1}});
        Refusal refused;
        do {
            refused = refusal([&] { world.one_worker.reserve(request); });
        } while (refused.code == ErrorCode::unavailable);
        is_answered = true;
        return refused.detail;
    });
    world.ask<contracts::InventoryReserve>(world.orders(50, {{{"cold", 1}}}));
    CHECK(world.held.size() == 50);
    CHECK_FALSE(is_answered);
    hoarder.let_go();
    CHECK(waiting.get().empty());
    CHECK(world.database.stock("hot") == "100/1");
    CHECK(world.database.stock("cold") == "100/50");
}

TEST_CASE("holds of a product that somebody sits on do not keep others from being given back")
{
    World world;
    auto& replica = world.one_worker;
    replica.stock_up("hot", 1000);
    replica.stock_up("cold", 10);
    replica.reserve(Lines{{"cold", 1}});
    // More than a sweep takes at once, all due longer than the other, and at the same time.
    world.ask<contracts::InventoryReserve>(world.orders(230, {{{"hot", 1}}}));
    world.database.query(
        "UPDATE holds SET expires_at = now() - interval '1 hour' "
        "WHERE lines @> '[{\"sku\": \"hot\"}]'");
    world.database.query(
        "UPDATE holds SET expires_at = now() - interval '1 second' "
        "WHERE lines @> '[{\"sku\": \"cold\"}]'");
    {
        Hoarder hoarder(world.database, "hot");
        replica.let_expire();
        CHECK(world.database.stock("cold") == "10/0");
        CHECK(world.database.stock("hot") == "1000/230");
        hoarder.let_go();
    }
    replica.let_expire();
    CHECK(world.database.stock("hot") == "1000/0");
    CHECK(world.database.wrong_stock().empty());
}
