// Timers are never early by the database's clock, whatever a replica takes that to be.

#include <future>

#include "engine_fixture.hpp"
#include "lintel/workflows/sql/queries.hpp"

using namespace lintel;
using namespace lintel::workflows;

namespace {

core::Timestamp database_now(const World& world)
{
    const auto text =
        world.database.query("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint");
    return core::Timestamp(std::chrono::milliseconds(std::stoll(text)));
}

}  // namespace

TEST_CASE("a replica's guess at the database's clock is not ahead, however long the renewal took")
{
    constexpr storage::Query kBusy{"busy", "SELECT pg_sleep(2)::text AS slept"};
    World world;
    core::IoThreads threads{1};
    storage::Pool pool{threads.executor(), world.metrics, {.url = world.database.url(), .connections = 1}};
    Session session(pool, world.metrics, {});
    core::sync_wait(session.renew(soon()));
    auto busy = std::async(std::launch::async, [&] { core::sync_wait(pool.query(soon(), kBusy)); });
    REQUIRE(testing::eventually(5s, [&] {
        return world.database.query(
                   "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(2)::%' AND "
                   "state = 'active' AND pid <> pg_backend_pid()") == "1";
    }));
    core::sync_wait(session.renew(soon()));
    busy.get();
    const auto guess = session.now();
    const auto truth = database_now(world);
    CHECK(guess <= truth);
}

TEST_CASE("a run that begins with a sleep until a time sleeps until that time")
{
    World world;
    Replica replica(world);
    replica.define(definition("nap", {{{"name", "nap"}, {"sleep", {{"until", {{"$ref", "/input/at"}}}}}}}));
    replica.start("nap", {{"at", "2100-01-01T00:00:00.000Z"}});
    CHECK(world.database.query("SELECT due_at = '2100-01-01T00:00:00Z' FROM steps") == "t");
    const auto past = replica.start("nap", {{"at", "2000-01-01T00:00:00.000Z"}});
    CHECK(past.status == contracts::WorkflowStatus::completed);
}
