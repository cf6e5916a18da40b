// What becomes of a time that comes while the last run is under way.

#include "schedule_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;
using core::ErrorCode;

TEST_CASE("a time that comes while the last run is under way: skip")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(waiting("wait"));
    replica.create(schedule("s", "wait"));
    const auto first = first_run(replica);
    passes(world);
    CHECK(runs(world) == "1");
    CHECK(replica.show("s").last_workflow_id == first);
    CHECK(replica.counts("skipped", 1));
    replica.signal(first, "1", "go");
    REQUIRE(replica.comes_to(first, WorkflowStatus::completed));
    passes(world);
    CHECK(runs(world) == "2");
}

TEST_CASE("a time that comes while the last run is under way: allow")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(waiting("wait"));
    replica.create(schedule("s", "wait", {{"overlap", "allow"}}));
    first_run(replica);
    passes(world);
    CHECK(runs(world, "finished_at IS NULL") == "2");
}

TEST_CASE("a time that comes while the last run is under way: bufferOne")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(waiting("wait"));
    replica.create(schedule("s", "wait", {{"overlap", "bufferOne"}}));
    const auto first = first_run(replica);
    passes(world);
    passes(world);
    CHECK(runs(world) == "1");
    CHECK(world.database.query("SELECT count(*) FROM schedule_starts WHERE waits") == "1");
    CHECK(replica.counts("buffered", 1));
    CHECK(replica.counts("skipped", 1));

    SUBCASE("it starts when that one has ended")
    {
        replica.signal(first, "1", "go");
        REQUIRE(testing::eventually(20s, [&] { return runs(world) == "2"; }));
        REQUIRE(testing::eventually(20s, [&] { return replica.show("s").last_workflow_id != first; }));
        CHECK(runs(world, "finished_at IS NULL") == "1");
        CHECK(world.database.query("SELECT count(*) FROM schedule_starts") == "0");
    }
    SUBCASE("but not once the schedule is paused")
    {
        replica.patch("s", {{"isPaused", true}});
    }
    SUBCASE("nor once it is deleted")
    {
        replica.remove("s");
    }
    if (world.database.query("SELECT count(*) FROM schedules WHERE is_paused OR deleted_at IS NOT NULL") ==
        "1") {
        replica.signal(first, "1", "go");
        REQUIRE(replica.comes_to(first, WorkflowStatus::completed));
        CHECK(world.database.query("SELECT count(*) FROM schedule_starts") == "0");
        CHECK(runs(world) == "1");
    }
}

TEST_CASE("a time that comes while the last run is under way: cancelOther")
{
    World world;
    ScheduledReplica replica(world);
    std::atomic<bool> may_undo = false;
    world.on("undo", [&](messaging::Request) -> core::Task<std::string> {
        if (!may_undo) throw core::Error(ErrorCode::unavailable, "not yet");
        co_return "null";
    });
    replica.define(definition(
        "saga",
        {request_step("do", {{"compensate",
                              {{"request", {{"subject", "effects.undo"}}}, {"retry", quick_retries()}}}}),
         {{"name", "wait"}, {"signal", {{"name", "go"}}}}}));
    replica.create(schedule("s", "saga", {{"overlap", "cancelOther"}}));
    const auto first = first_run(replica);
    passes(world);
    REQUIRE(replica.comes_to(first, WorkflowStatus::compensating));
    // The other begins when that one is wound up, not beside it.
    passes(world);
    CHECK(runs(world) == "1");
    CHECK(replica.counts("skipped", 1));
    may_undo = true;
    REQUIRE(replica.comes_to(first, WorkflowStatus::cancelled));
    REQUIRE(testing::eventually(20s, [&] { return runs(world) == "2"; }));
    CHECK(world.database.query("SELECT min(created_at) FILTER (WHERE id <> '" + first.to_string() +
                               "') >= max(finished_at) FROM workflows") == "t");
}

TEST_CASE("a time that comes while the last run is under way: terminateOther")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(waiting("wait"));
    replica.create(schedule("s", "wait", {{"overlap", "terminateOther"}}));
    const auto first = first_run(replica);
    passes(world);
    REQUIRE(testing::eventually(20s, [&] { return runs(world) == "2"; }));
    CHECK(replica.get(first).status == WorkflowStatus::terminated);
    CHECK(replica.get(first).error->message.find("'s'") != std::string::npos);
    CHECK(runs(world, "finished_at IS NULL") == "1");
}
