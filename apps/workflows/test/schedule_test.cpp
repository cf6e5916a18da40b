// What callers do with schedules, on a real Postgres.

#include "schedule_fixture.hpp"

#include "lintel/workflow/cron.hpp"

using namespace lintel;
using namespace lintel::workflows;
using core::ErrorCode;

namespace {

/// The next time after an instant, as the scheduler finds it.
std::string next(const Database& database, const std::string& cron, const std::string& zone,
                 const std::string& after)
{
    const auto shown = database.query("SELECT (extract(epoch FROM last_civil('" + after + "', '" + zone +
                                      "')) / 60)::bigint");
    const auto civil =
        workflow::Cron::parse(cron).next(workflow::CivilTime(std::chrono::minutes(std::stoll(shown))));
    return database.query("SELECT to_char(first_instant(timestamp 'epoch' + " +
                          std::to_string(civil.time_since_epoch().count()) + " * interval '1 minute', '" +
                          zone + "') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')");
}

std::vector<std::string> times(const Database& database, const std::string& cron, const std::string& zone,
                               std::string after, int count)
{
    std::vector<std::string> all;
    for (; count > 0; --count) {
        after = next(database, cron, zone, after + "Z");
        all.push_back(after);
    }
    return all;
}

using Times = std::vector<std::string>;

}  // namespace

TEST_CASE("where the clock is put forward, what it leaves out comes when it goes on")
{
    const Database database;
    // Berlin, 28 March 2027: 02:00 is 03:00, at 01:00 UTC.
    CHECK(times(database, "30 2 * * *", "Europe/Berlin", "2027-03-27 00:00", 3) ==
          Times{"2027-03-27 01:30", "2027-03-28 01:00", "2027-03-29 00:30"});
    CHECK(times(database, "*/20 2 * * *", "Europe/Berlin", "2027-03-27 12:00", 2) ==
          Times{"2027-03-28 01:00", "2027-03-29 00:00"});
    CHECK(times(database, "0 * * * *", "Europe/Berlin", "2027-03-27 23:30", 3) ==
          Times{"2027-03-28 00:00", "2027-03-28 01:00", "2027-03-28 02:00"});
    // New York, 14 March 2027: 02:00 is 03:00, at 07:00 UTC.
    CHECK(times(database, "15 2 * * *", "America/New_York", "2027-03-13 12:00", 2) ==
          Times{"2027-03-14 07:00", "2027-03-15 06:15"});
    CHECK(times(database, "0 3 * * *", "America/New_York", "2027-03-13 12:00", 2) ==
          Times{"2027-03-14 07:00", "2027-03-15 07:00"});
}

TEST_CASE("where the clock is put back, what it shows twice comes the first time")
{
    const Database database;
    // Berlin, 25 October 2026: 03:00 is 02:00, at 01:00 UTC.
    CHECK(times(database, "30 2 * * *", "Europe/Berlin", "2026-10-24 12:00", 2) ==
          Times{"2026-10-25 00:30", "2026-10-26 01:30"});
    CHECK(times(database, "0 * * * *", "Europe/Berlin", "2026-10-24 23:30", 3) ==
          Times{"2026-10-25 00:00", "2026-10-25 02:00", "2026-10-25 03:00"});
    // Also for who asks while it is shown again.
    CHECK(next(database, "30 2 * * *", "Europe/Berlin", "2026-10-25 01:10Z") == "2026-10-26 01:30");
    // New York, 1 November 2026: 02:00 is 01:00, at 06:00 UTC.
    CHECK(times(database, "30 1 * * *", "America/New_York", "2026-10-31 12:00", 2) ==
          Times{"2026-11-01 05:30", "2026-11-02 06:30"});
    CHECK(times(database, "*/30 1 * * *", "America/New_York", "2026-11-01 00:00", 3) ==
          Times{"2026-11-01 05:00", "2026-11-01 05:30", "2026-11-02 06:00"});
    // A day that never was: Samoa changed sides of the date line.
    CHECK(times(database, "0 12 * * *", "Pacific/Apia", "2011-12-29 12:00", 3) ==
          Times{"2011-12-29 22:00", "2011-12-30 10:00", "2011-12-30 22:00"});
}

TEST_CASE("a schedule is created, shown, changed and deleted")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(waiting("wait"));
    const auto made = replica.create(
        schedule("yearly", "wait",
                 {{"timeZone", "Europe/Berlin"}, {"attributes", {{"team", "a"}}}, {"catchUpWindow", "10m"}}));
    CHECK(made.version == 1);
    REQUIRE(made.next_at);
    CHECK(core::to_rfc3339(*made.next_at).substr(4) == "-12-31T23:00:00.000Z");
    CHECK(replica.show("yearly") == static_cast<const contracts::Schedule&>(made));
    CHECK(refusal([&] { replica.create(schedule("yearly", "wait")); }).code == ErrorCode::conflict);

    SUBCASE("a patch changes what it names")
    {
        const auto other = replica.patch("yearly", {{"overlap", "allow"}, {"attributes", {{"x", 1}}}}, {{1}});
        CHECK(other.version == 2);
        CHECK(other.overlap == contracts::OverlapPolicy::allow);
        CHECK(json::parse(other.attributes) == json({{"team", "a"}, {"x", 1}}));
        CHECK(other.catch_up_window == 10min);
        CHECK(other.next_at == made.next_at);
        CHECK(replica.patch("yearly", {{"overlap", "allow"}}).version == 2);
        CHECK(refusal([&] {
                  replica.patch("yearly", {{"overlap", "skip"}}, {{1}});
              }).code == ErrorCode::precondition);
        const auto utc = replica.patch("yearly", {{"timeZone", nullptr}, {"catchUpWindow", nullptr}});
        CHECK(utc.time_zone == "UTC");
        CHECK(utc.catch_up_window == 1min);
        CHECK(*utc.next_at == *made.next_at + 1h);
    }
    SUBCASE("a pause takes its time away, and the end of it gives the next")
    {
        CHECK_FALSE(replica.patch("yearly", {{"isPaused", true}}).next_at);
        CHECK(replica.patch("yearly", {{"isPaused", false}}).next_at == made.next_at);
    }
    SUBCASE("what a patch makes must be acceptable")
    {
        const auto bad = refusal([&] {
            replica.patch("yearly",
                          {{"cron", "0 0 30 2 *"}, {"timeZone", "Mars/Olympus"}, {"definition", "nobody"}});
        });
        CHECK(bad.code == ErrorCode::invalid);
        CHECK(bad.pointers() == "/cron /timeZone /definition ");
        CHECK(refusal([&] { replica.patch("yearly", {{"name", "other"}}); }).pointers() == "/name ");
        CHECK(refusal([&] { replica.patch("yearly", {{"cron", nullptr}}); }).pointers() == "/cron ");
        CHECK(refusal([&] { replica.patch("yearly", {{"what", 1}}); }).pointers() == "/what ");
        CHECK(replica.show("yearly").version == 1);
    }
    SUBCASE("what is deleted is gone, and its name is free")
    {
        CHECK(refusal([&] { replica.remove("yearly", {{7}}); }).code == ErrorCode::precondition);
        CHECK(replica.remove("yearly").deleted_at);
        CHECK(refusal([&] { replica.show("yearly"); }).code == ErrorCode::not_found);
        CHECK(refusal([&] { replica.remove("yearly"); }).code == ErrorCode::not_found);
        CHECK(refusal([&] { replica.patch("yearly", json::object()); }).code == ErrorCode::not_found);
        CHECK(refusal([&] { replica.trigger("yearly"); }).code == ErrorCode::not_found);
        CHECK(core::sync_wait(replica.schedules.list(soon(), {})).items.empty());
        CHECK(replica.create(schedule("yearly", "wait")).id != made.id);
    }
}

TEST_CASE("what is no schedule is refused with every fault")
{
    World world;
    ScheduledReplica replica(world);
    auto picky = waiting("picky");
    picky["inputSchema"] = {{"type", "object"}, {"required", {"n"}}};
    replica.define(picky);
    const auto pointers = [&](const json& more) {
        const auto refused = refusal([&] { replica.create(schedule("s", "picky", more)); });
        CHECK(refused.code == ErrorCode::invalid);
        return refused.pointers();
    };
    CHECK(pointers({{"cron", "61 25 * * *"}, {"timeZone", "CEST"}})
              .starts_with("/cron /cron /timeZone /input"));
    CHECK(pointers({{"cron", "@fortnightly"}, {"input", {{"n", 1}}}}) == "/cron ");
    CHECK(pointers({{"definitionVersion", 9}}) == "/definitionVersion ");
    CHECK(pointers({{"definition", "nobody"}}) == "/definition ");
    for (const auto* zone :
         {"europe/berlin", "EST+5", "UTC+1", "localtime", "Factory", "posix/Europe/Berlin", "02:00"})
        CHECK_MESSAGE(pointers({{"timeZone", zone}, {"input", {{"n", 1}}}}) == "/timeZone ", zone);
    CHECK(replica.create(schedule("s", "picky", {{"cron", "@daily"}, {"input", {{"n", 1}}}})).next_at);
    CHECK(world.database.query("SELECT count(*) FROM schedules") == "1");
}

TEST_CASE("a repeated request creates one schedule")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(waiting("wait"));
    const auto first = replica.create(schedule("one", "wait"), "k");
    const auto again = replica.create(schedule("one", "wait"), "k");
    CHECK(again.id == first.id);
    CHECK(again.is_replay);
    CHECK(refusal([&] { replica.create(schedule("two", "wait"), "k"); }).code == ErrorCode::invalid);
    // A request that came to nothing leaves its key free.
    CHECK(refusal([&] { replica.create(schedule("one", "wait"), "l"); }).code == ErrorCode::conflict);
    CHECK_FALSE(replica.create(schedule("two", "wait"), "l").is_replay);
    replica.remove("one");
    CHECK(refusal([&] { replica.create(schedule("one", "wait"), "k"); }).code == ErrorCode::conflict);
}

TEST_CASE("a list has pages, the newest first")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(waiting("wait"));
    for (int at = 0; at < 5; ++at)
        replica.create(schedule("s" + std::to_string(at), "wait"));
    std::string names;
    contracts::ScheduleList request;
    request.page_size = 2;
    do {
        const auto page = core::sync_wait(replica.schedules.list(soon(), request));
        for (const auto& item : page.items)
            names += item.name;
        request.page_token = page.next_page_token;
    } while (request.page_token);
    CHECK(names == "s4s3s2s1s0");
    request.page_token = "edited";
    CHECK(refusal([&] { core::sync_wait(replica.schedules.list(soon(), request)); }).code ==
          ErrorCode::malformed);
}
