// What becomes of work whose worker dies, hangs or leaves.

#include <future>
#include <thread>

#include "engine_fixture.hpp"
#include "lintel/workflows/sql/queries.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

namespace {

/// A step whose first attempt is never answered.
void hang_once(World& world, const std::string& name, std::atomic<int>& calls)
{
    world.on(name, [&world, &calls](messaging::Request) -> core::Task<std::string> {
        if (++calls == 1) co_await world.threads.executor().sleep(6s);
        co_return std::to_string(calls.load());
    });
}

}  // namespace

TEST_CASE("a worker that hangs past its lease loses its step, and writes nothing when it wakes")
{
    World world;
    std::atomic<int> calls = 0;
    hang_once(world, "slow", calls);
    Replica hanging(world);
    hanging.define(definition("slow", {request_step("slow", {{"timeout", "20s"}}), request_step("after")}));
    const auto id = hanging.start("slow").id;
    REQUIRE(testing::eventually(5s, [&] { return calls == 1; }));
    hanging.is_frozen = true;
    Replica other(world);
    REQUIRE(other.comes_to(id, WorkflowStatus::completed));
    CHECK(calls == 2);
    hanging.is_frozen = false;
    // Its late answer comes after six seconds.
    REQUIRE(testing::eventually(20s, [&] { return hanging.engine.attempts() == 0; }));
    CHECK(world.database.query("SELECT output FROM steps WHERE path = 'slow'") == "2");
    CHECK(world.database.query(
              "SELECT count(*) FROM history WHERE type = 'step.completed' AND step = 'slow'") == "1");
    CHECK(world.requests("after") == 1);
    CHECK(other.stuck() == 0);
}

TEST_CASE("a late outcome that is refused brings the steps that its transaction has claimed")
{
    World world;
    std::atomic<int> calls = 0;
    std::atomic<bool> is_answered = false;
    world.on("slow", [&](messaging::Request) -> core::Task<std::string> {
        const bool is_first = ++calls == 1;
        for (bool waits = is_first; waits; waits = !is_answered)
            co_await world.threads.executor().sleep(20ms);
        co_return "1";
    });
    Replica hanging(world);
    hanging.define(definition("slow", {request_step("slow", {{"timeout", "1m"}})}));
    const auto id = hanging.start("slow").id;
    REQUIRE(testing::eventually(5s, [&] { return calls == 1; }));
    hanging.is_frozen = true;
    {
        // Takes the step back, and has no room for it.
        Replica other(world, 0);
        other.ends_world = false;
        REQUIRE(testing::eventually(
            20s, [&] { return world.database.query("SELECT state FROM steps") == "ready"; }));
    }
    // The lease comes before the look around for ready steps.
    core::sync_wait(hanging.engine.renew(soon()));
    is_answered = true;
    REQUIRE(testing::eventually(10s, [&] { return calls == 2 || hanging.engine.attempts() == 0; }));
    hanging.is_frozen = false;
    // Not by the sweep over claims that nobody knows of, which waits for ten seconds.
    CHECK(hanging.comes_to(id, WorkflowStatus::completed, 6s));
    CHECK(calls == 2);
}

TEST_CASE("a worker that leaves hands back what it has")
{
    World world;
    std::atomic<int> calls = 0;
    hang_once(world, "slow", calls);
    auto leaving = std::make_unique<Replica>(world);
    leaving->define(definition("slow", {request_step("slow", {{"timeout", "20s"}})}));
    const auto id = leaving->start("slow").id;
    REQUIRE(testing::eventually(5s, [&] { return calls == 1; }));
    Replica other(world);
    leaving.reset();
    REQUIRE(other.comes_to(id, WorkflowStatus::completed));
    // Not by running out: no lease was lost.
    CHECK(world.database.query("SELECT lease_losses FROM steps WHERE path = 'slow'") == "0");
}

TEST_CASE("a step claimed by a session that is not there is taken back")
{
    World world;
    std::atomic<int> calls = 0;
    world.on("slow", [&](messaging::Request) -> core::Task<std::string> {
        if (++calls == 1) co_await world.hang();
        co_return "1";
    });
    Replica replica(world);
    replica.define(definition("slow", {request_step("slow", {{"timeout", "20s"}})}));
    const auto id = replica.start("slow").id;
    REQUIRE(testing::eventually(5s, [&] { return calls == 1; }));
    world.database.query("DELETE FROM sessions");
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed, 5s));
    CHECK(calls == 2);
}

TEST_CASE("a step that outlives its workers becomes a dead letter")
{
    World world;
    world.on("poison", [&](messaging::Request) -> core::Task<std::string> {
        co_await world.hang();
        co_return "1";
    });
    Replica replica(world);
    replica.define(definition("poison", {request_step("poison", {{"timeout", "5m"}})}));
    const auto id = replica.start("poison").id;
    for (int losses = 1; losses <= 5; ++losses) {
        REQUIRE(testing::eventually(10s, [&] {
            return world.database.query(
                       "SELECT count(*) FROM steps WHERE state = 'claimed' AND lease_losses = " +
                       std::to_string(losses - 1)) == "1";
        }));
        // As another worker would.
        world.database.query("UPDATE sessions SET is_lost = true");
    }
    REQUIRE(testing::eventually(10s, [&] { return replica.get(id).status == WorkflowStatus::waiting; }));
    CHECK(world.database.query("SELECT state FROM steps WHERE path = 'poison'") == "dead");
    CHECK(replica.stuck() == 0);
}

TEST_CASE("a database that stalls makes nobody judge anybody: no lease is lost")
{
    World world;
    world.on("slow", [&](messaging::Request) -> core::Task<std::string> {
        co_await world.hang();
        co_return "1";
    });
    Replica first(world);
    Replica second(world);
    first.define(definition("slow", {request_step("slow", {{"timeout", "5m"}})}));
    std::vector<core::Id> ids;
    for (int at = 0; at < 4; ++at)
        ids.push_back((at % 2 == 0 ? first : second).start("slow").id);
    REQUIRE(testing::eventually(5s, [&] { return world.requests("slow") == 4; }));
    testing::shared_postgres().pause();
    // More than two leases.
    std::this_thread::sleep_for(5s);
    testing::shared_postgres().resume();
    std::this_thread::sleep_for(2s);
    CHECK(world.database.query("SELECT count(*) FROM sessions WHERE NOT is_lost") == "2");
    CHECK(world.database.query("SELECT sum(lease_losses) FROM steps") == "0");
    CHECK(world.requests("slow") == 4);
    world.is_over = true;
    for (const auto& id : ids)
        CHECK(first.comes_to(id, WorkflowStatus::completed));
}

TEST_CASE("a judgement that was on its way while the database stood still finds nobody guilty")
{
    Database database;
    telemetry::Metrics metrics;
    core::IoThreads threads{1};
    // One, so that no statement waits for a connection.
    storage::Pool pool{threads.executor(), metrics, {.url = database.url(), .connections = 1}};
    constexpr std::int64_t kLease = 2000;
    const auto judge = core::Id::generate();
    const auto other = core::Id::generate();
    const auto judged = [&] {
        return core::sync_wait(pool.execute(soon(), sql::expire_sessions, judge, kLease / 2)).size();
    };
    for (const auto& session : {judge, other})
        core::sync_wait(pool.execute(soon(), sql::open_session, session, "test", kLease));
    testing::shared_postgres().pause();
    auto late = std::async(std::launch::async, judged);
    std::this_thread::sleep_for(std::chrono::milliseconds(kLease + 500));
    testing::shared_postgres().resume();
    CHECK(late.get() == 0);
    // Whoever is alive again may.
    core::sync_wait(pool.execute(soon(), sql::renew_session, judge, kLease));
    CHECK(judged() == 1);
    CHECK(database.query("SELECT is_lost FROM sessions WHERE id = '" + judge.to_string() + "'") == "f");
}
