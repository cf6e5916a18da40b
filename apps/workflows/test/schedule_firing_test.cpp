// Schedules that come due, on a real Postgres and with more than one replica.

#include "schedule_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;
using core::ErrorCode;

TEST_CASE("many replicas, many schedules: each time starts one workflow")
{
    World world;
    ScheduledReplica one(world);
    ScheduledReplica other(world);
    one.ends_world = other.ends_world = false;
    one.define(definition("job", {request_step("work")}));
    constexpr int kSchedules = 40;
    constexpr int kRounds = 3;
    for (int at = 0; at < kSchedules; ++at)
        one.create(schedule("s" + std::to_string(at), "job", {{"overlap", "allow"}}));
    for (int round = 0; round < kRounds; ++round) {
        world.database.query(
            "UPDATE schedules SET next_at = clock_timestamp() + interval '300 milliseconds'");
        REQUIRE(testing::eventually(30s, [&] {
            return is_settled(world) && runs(world) == std::to_string(kSchedules * (round + 1));
        }));
    }
    CHECK(world.database.query("SELECT count(DISTINCT key) FROM workflows") ==
          std::to_string(kSchedules * kRounds));
    REQUIRE(testing::eventually(
        30s, [&] { return runs(world, "status = 'completed'") == std::to_string(kSchedules * kRounds); }));
    CHECK(world.requests("work") == kSchedules * kRounds);
    // By the database's clock; the key ends with the time.
    CHECK(runs(world, "created_at < split_part(key, '@', 2)::timestamptz") == "0");
    CHECK(world.database.query("SELECT count(*) FROM schedule_starts") == "0");
}

TEST_CASE("what starts has the schedule's owner, attributes and input, and can be found by it")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(definition("job", {request_step("work", {{"input", {{"$ref", "/input"}}}})}));
    replica.create(
        schedule("s", "job",
                 {{"input", {{"n", 7}}}, {"attributes", {{"team", "a"}}}, {"owner", {{"orgId", "acme"}}}}));
    passes(world);
    const auto shown = replica.show("s");
    REQUIRE(shown.last_workflow_id);
    REQUIRE(replica.comes_to(*shown.last_workflow_id, WorkflowStatus::completed));
    const auto run = replica.get(*shown.last_workflow_id);
    CHECK(run.input == R"({"n":7})");
    CHECK(json::parse(run.attributes) == json({{"team", "a"}}));
    CHECK(run.owner.org_id == "acme");
    CHECK(run.key.value_or("").starts_with("s@"));
    CHECK(shown.version == 1);
    CHECK(shown.last_at);
    CHECK(core::to_rfc3339(shown.next_at.value()).substr(4) == "-01-01T00:00:00.000Z");
    CHECK(replica.counts("started", 1));
}

TEST_CASE("nothing starts before its time, by the database's clock")
{
    World world;
    ScheduledReplica replica(world);
    replica.is_frozen = true;
    replica.define(waiting("wait"));
    replica.create(schedule("s", "wait"));
    world.database.query("UPDATE schedules SET next_at = clock_timestamp() + interval '700 milliseconds'");
    const auto tick = world.database.query("SELECT next_at FROM schedules");
    REQUIRE(testing::eventually(20s, [&] { return !take(replica).empty(); }));
    CHECK(world.database.query("SELECT clock_timestamp() >= '" + tick + "'") == "t");
}

TEST_CASE("a time that somebody is taking is nobody else's, and neither once it is taken")
{
    World world;
    ScheduledReplica one(world);
    ScheduledReplica other(world);
    one.ends_world = false;
    one.is_frozen = other.is_frozen = true;
    one.define(waiting("wait"));
    one.create(schedule("s", "wait", {{"overlap", "allow"}}));
    comes_due(world, "s");
    const auto both = [&](storage::Transaction& transaction) {
        const auto mine = take_due_ticks(transaction, 10);
        return std::pair(mine.size(), take(other).size());
    };
    CHECK(core::sync_wait(one.pool.transact(soon(), both)) == std::pair<std::size_t, std::size_t>(1, 0));
    CHECK(take(other).empty());
    CHECK(world.database.query("SELECT count(*) FROM schedule_starts") == "1");
}

TEST_CASE("of the times that were missed the newest is made up for, if it is not too long ago")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(definition("job", {request_step("work")}));
    const json each_minute = {{"cron", "* * * * *"}};

    SUBCASE("within the window")
    {
        auto more = each_minute;
        more["catchUpWindow"] = "2m";
        replica.create(schedule("s", "job", more));
        passes(world, "s", "10 minutes");
        CHECK(runs(world) == "1");
        // The newest minute that is over; its time is the key.
        CHECK(runs(world,
                   "created_at - split_part(key, '@', 2)::timestamptz BETWEEN interval '0' AND interval '1 "
                   "minute'") == "1");
        CHECK(state(world, "next_at > now() AND next_at <= now() + interval '1 minute'") == "t");
        CHECK((replica.counts("missed", 10) || replica.counts("missed", 11)));
    }
    SUBCASE("beyond it")
    {
        replica.create(schedule("s", "job", {{"catchUpWindow", "10m"}}));
        passes(world, "s", "11 minutes");
        CHECK(runs(world) == "0");
        CHECK(replica.counts("missed", 1));
        CHECK(state(world, "next_at > now() AND last_at IS NULL") == "t");
    }
    SUBCASE("without any, what is punctual is not missed")
    {
        replica.create(schedule("s", "job", {{"catchUpWindow", "0s"}}));
        passes(world, "s", "3 seconds");
        CHECK(runs(world) == "1");
        passes(world, "s", "12 seconds");
        CHECK(runs(world) == "1");
    }
    SUBCASE("a pause makes up for nothing")
    {
        replica.create(schedule("s", "job", each_minute));
        replica.patch("s", {{"isPaused", true}});
        CHECK(state(world, "next_at IS NULL") == "t");
        replica.patch("s", {{"isPaused", false}});
        CHECK(state(world, "next_at > now()") == "t");
    }
}

TEST_CASE("a start that was noted is made by whoever is left, once")
{
    World world;
    {
        ScheduledReplica replica(world);
        replica.ends_world = false;
        replica.define(definition("job", {request_step("work")}));
        replica.create(schedule("s", "job", {{"catchUpWindow", "1h"}}));
    }
    const auto note = [&](const std::string& id, const std::string& ago) {
        world.database.query("INSERT INTO schedule_starts SELECT '" + id + "', id, now() - interval '" + ago +
                             "', false, false, now() - interval '" + ago + "' FROM schedules");
    };
    const auto lost = core::Id::generate();
    const auto half = core::Id::generate();
    const auto late = core::Id::generate();
    note(lost.to_string(), "5 minutes");
    note(half.to_string(), "6 minutes");
    note(late.to_string(), "2 hours");
    ScheduledReplica one(world);
    ScheduledReplica other(world);
    one.ends_world = false;
    REQUIRE(testing::eventually(20s, [&] { return is_settled(world); }));
    CHECK(runs(world) == "2");
    CHECK(runs(world, "id IN ('" + lost.to_string() + "', '" + half.to_string() + "')") == "2");
    // The run stands already: its worker died before it could say so.
    world.database.query(
        "INSERT INTO schedule_starts SELECT '" + half.to_string() +
        "', id, now() - interval '2 hours', false, false, now() - interval '2 hours' FROM schedules");
    REQUIRE(testing::eventually(20s, [&] { return is_settled(world); }));
    CHECK(one.show("s").last_workflow_id == half);
    CHECK(runs(world) == "2");
    CHECK(world.requests("work") == 2);
}

TEST_CASE("a trigger starts now, whatever there is")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(waiting("wait"));
    replica.create(schedule("s", "wait", {{"isPaused", true}}));
    const auto first = replica.trigger("s", "k");
    CHECK_FALSE(first.is_replay);
    CHECK(replica.show("s").last_workflow_id == first.id);
    const auto again = replica.trigger("s", "k");
    CHECK(again.is_replay);
    CHECK(again.id == first.id);
    CHECK(replica.trigger("s").id != first.id);
    CHECK(runs(world) == "2");
    replica.create(schedule("t", "wait"));
    CHECK(refusal([&] { replica.trigger("t", "k"); }).code == ErrorCode::invalid);

    // What was triggered is what a later time finds under way.
    const auto of_t = replica.trigger("t");
    passes(world, "t");
    CHECK(replica.show("t").last_workflow_id == of_t.id);
    CHECK(runs(world) == "3");
}

TEST_CASE("what cannot be started is given up, told, and does not hold up the rest")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(definition("job", {request_step("work")}));
    replica.create(schedule("s", "job"));
    replica.create(schedule("good", "job"));
    auto picky = definition("job", {request_step("work")});
    picky["version"] = 2;
    picky["inputSchema"] = {{"type", "object"}, {"required", {"n"}}};
    replica.define(picky);
    replica.patch("good", {{"input", {{"n", 1}}}});
    passes(world);
    CHECK(runs(world) == "0");
    CHECK(replica.counts("refused", 1));
    CHECK(refusal([&] { replica.trigger("s", "k"); }).code == ErrorCode::invalid);
    CHECK(refusal([&] { replica.trigger("s", "k"); }).code == ErrorCode::invalid);

    // A zone that the database has forgotten, beside a schedule that is well.
    world.database.query("UPDATE schedules SET time_zone = 'Mars/Olympus' WHERE name = 's'");
    comes_due(world, "s");
    passes(world, "good");
    CHECK(runs(world) == "1");
    CHECK(replica.counts("refused", 4));
    CHECK(state(world, "next_at > now()") == "t");
}
