// Nobody waits behind all that another has left.

#include <algorithm>

#include "due_events.hpp"
#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

namespace {

/// Of this connection since it last reported, which may have been some transactions ago.
constexpr storage::Query kFetched{
    "fetched",
    "SELECT seq_tup_read + idx_tup_fetch AS steps FROM pg_stat_xact_user_tables WHERE relname = 'steps'"};

struct Found {
    std::vector<core::Id> runs;
    std::int64_t steps_read = 0;

    bool has(const core::Id& run) const { return std::ranges::find(runs, run) != runs.end(); }
};

/// What a worker finds that has so much room.
Found look(Replica& replica, std::size_t room)
{
    const auto fetched = [](storage::Transaction& transaction) {
        return transaction.exec(kFetched).one().get<std::int64_t>("steps");
    };
    const auto body = [room, fetched](storage::Transaction& transaction) {
        Found found;
        const auto before = fetched(transaction);
        for (const auto& event : ready_runs(transaction, room))
            found.runs.push_back(event.run);
        found.steps_read = fetched(transaction) - before;
        return found;
    };
    return core::sync_wait(replica.pool.transact(soon(), body));
}

/// As if there were `count` more runs like this one.
void multiply(const World& world, const core::Id& run, int count)
{
    world.database.query(
        "WITH many AS (SELECT gen_random_uuid() AS id FROM generate_series(1, " + std::to_string(count) +
        ")), runs AS (INSERT INTO workflows (id, version, name, status, definition, attributes, metadata, "
        "created_at, updated_at, admitted_at) SELECT many.id, 1, name, status, definition, attributes, "
        "metadata, "
        "created_at, updated_at, admitted_at FROM many, workflows AS w WHERE w.id = '" +
        run.to_string() +
        "') INSERT INTO steps (run_id, path, state, priority, attempt, failures, lease_losses, generation, "
        "is_uncertain, completed_as, changed_at, lane) SELECT many.id, path, state, priority, attempt, "
        "failures, "
        "lease_losses, generation, is_uncertain, completed_as, changed_at, lane FROM many, steps AS s "
        "WHERE s.run_id = '" +
        run.to_string() + "'");
}

/// What comes then is ready for anybody.
void take_only_room(World& world, Replica& replica)
{
    world.on("flood", [&world](messaging::Request) -> core::Task<std::string> {
        co_await world.hang();
        co_return "1";
    });
    replica.define(definition("flood", {request_step("flood")}));
    replica.define(definition("lone", {request_step("lone")}));
    replica.start("flood");
    REQUIRE(testing::eventually(10s, [&] { return world.requests("flood") == 1; }));
}

/// The replica would go on with all of them.
void forget(const World& world)
{
    world.database.query("DELETE FROM steps WHERE state = 'ready'");
}

}  // namespace

TEST_CASE("one of another definition is found at once behind a flood, at a bounded cost")
{
    World world;
    Replica replica(world, 1);
    take_only_room(world, replica);
    multiply(world, replica.start("flood").id, 5000);
    const auto lone = replica.start("lone").id;

    SUBCASE("as it was started")
    {
    }
    SUBCASE("as a transition has left it")
    {
        replica.act(lone, workflow::Pause{});
        replica.act(lone, workflow::Resume{});
    }
    const auto found = look(replica, 64);
    CHECK(found.runs.size() == 64);
    CHECK(found.has(lone));
    CHECK(found.steps_read < 1000);
    // With room for one only, it is one lane or the other.
    bool is_found = false;
    for (int claims = 0; claims < 100 && !is_found; ++claims)
        is_found = look(replica, 1).has(lone);
    CHECK(is_found);
    forget(world);
}

TEST_CASE("what is more urgent comes first, and what is less so fills the room that is left")
{
    World world;
    Replica replica(world, 1);
    take_only_room(world, replica);
    const auto urgent = replica.start("flood").id;
    multiply(world, urgent, 9);
    world.database.query("UPDATE steps SET priority = 1 WHERE state = 'ready'");
    const auto lone = replica.start("lone").id;
    CHECK(look(replica, 1).runs != std::vector{lone});
    CHECK_FALSE(look(replica, 10).has(lone));
    CHECK(look(replica, 11).has(lone));
    forget(world);
}

TEST_CASE("of what is ready the most urgent comes first, and then what came first")
{
    World world;
    std::atomic<bool> is_open{false};
    std::mutex mutex;
    std::string order;
    world.on("job", [&](messaging::Request request) -> core::Task<std::string> {
        {
            std::lock_guard lock(mutex);
            order += request.data().get<std::string>();
        }
        for (bool waits = true; waits; waits = !is_open)
            co_await world.threads.executor().sleep(10ms);
        co_return "1";
    });
    // Its only room is taken while the others come.
    Replica replica(world, 1);
    replica.define(definition("job", {request_step("job", {{"input", {{"$ref", "/input"}}}})}));
    std::vector<core::Id> ids;
    const auto start = [&](const std::string& name, std::int64_t priority) {
        contracts::WorkflowStart request;
        request.definition = "job";
        request.input = core::dump_json(name);
        request.priority = priority;
        ids.push_back(core::sync_wait(replica.workflows.start(soon(), request, {})).id);
    };
    start("0", 5);
    REQUIRE(testing::eventually(10s, [&] { return world.requests("job") == 1; }));
    start("e", 5);
    start("c", 3);
    start("a", 1);
    start("d", 3);
    start("b", 1);
    is_open = true;
    for (const auto& id : ids)
        REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    const std::lock_guard lock(mutex);
    CHECK(order == "0abcde");
}
