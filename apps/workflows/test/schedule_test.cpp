// What callers do with schedules, on a real Postgres.

#include "schedule_fixture.hpp"

#include "schedule_clock.hpp"

using namespace lintel;
using namespace lintel::workflows;
using core::ErrorCode;

namespace {

using Times = std::vector<std::string>;

/// The scheduler's view of the clocks of zones.
struct Clocks {
    /// The next times after one, all in UTC.
    Times times(const std::string& cron, const std::string& zone, const std::string& after, std::size_t count)
    {
        Times all;
        auto known = core::parse_rfc3339(after + ":00Z").value();
        while (all.size() < count) {
            const std::vector<TimesAsked> asked{{workflow::Cron::parse(cron), zone, known, known}};
            const auto body = [&](storage::Transaction& transaction) {
                return passed_times(transaction, asked);
            };
            const auto answers = core::sync_wait(pool.transact(soon(), body));
            REQUIRE(answers.at(0));
            known = answers[0]->next;
            all.push_back(core::to_rfc3339(known).substr(0, 16));
        }
        return all;
    }

    Database database;
    telemetry::Metrics metrics;
    core::IoThreads threads{1};
    storage::Pool pool{threads.executor(), metrics, {.url = database.url()}};
};

struct Change {
    const char* what;
    const char* cron;
    const char* zone;
    const char* after;
    Times times;
};

// Berlin: on 2027-03-28, 02:00 is 03:00, at 01:00 UTC; on 2026-10-25, 03:00 is 02:00, at 01:00 UTC.
// New York: on 2027-03-14, 02:00 is 03:00, at 07:00 UTC; on 2026-11-01, 02:00 is 01:00, at 06:00 UTC.
// Lord Howe: on 2026-10-04, 02:00 is 02:30, at 15:30 UTC of the day before; on 2027-04-04, 02:00 is 01:30, at
// 15:00 UTC of the day before.
const Change kForward[] = {
    {"a time of the day that is left out comes right after",
     "30 2 * * *",
     "Europe/Berlin",
     "2027-03-27T00:00",
     {"2027-03-27T01:30", "2027-03-28T01:00", "2027-03-29T00:30"}},
    {"several come once",
     "0,20,40 2 * * *",
     "Europe/Berlin",
     "2027-03-27T12:00",
     {"2027-03-28T01:00", "2027-03-29T00:00"}},
    {"and what comes later comes, too",
     "30 2,3 * * *",
     "Europe/Berlin",
     "2027-03-27T12:00",
     {"2027-03-28T01:00", "2027-03-28T01:30", "2027-03-29T00:30"}},
    {"what is to come at the end of the gap comes once",
     "0 2,3 * * *",
     "Europe/Berlin",
     "2027-03-27T12:00",
     {"2027-03-28T01:00", "2027-03-29T00:00"}},
    {"every few minutes goes on",
     "*/30 * * * *",
     "Europe/Berlin",
     "2027-03-28T00:00",
     {"2027-03-28T00:30", "2027-03-28T01:00", "2027-03-28T01:30"}},
    {"every hour goes on",
     "30 * * * *",
     "Europe/Berlin",
     "2027-03-27T23:45",
     {"2027-03-28T00:30", "2027-03-28T01:30"}},
    {"every few minutes of an hour that is left out",
     "*/20 2 * * *",
     "Europe/Berlin",
     "2027-03-27T12:00",
     {"2027-03-29T00:00", "2027-03-29T00:20"}},
    {"in New York",
     "15 2 * * *",
     "America/New_York",
     "2027-03-13T12:00",
     {"2027-03-14T07:00", "2027-03-15T06:15"}},
    {"after the gap",
     "0 3 * * *",
     "America/New_York",
     "2027-03-13T12:00",
     {"2027-03-14T07:00", "2027-03-15T07:00"}},
    {"by half an hour",
     "15 2 * * *",
     "Australia/Lord_Howe",
     "2026-10-03T12:00",
     {"2026-10-03T15:30", "2026-10-04T15:15"}},
    {"every few minutes, by half an hour",
     "*/15 * * * *",
     "Australia/Lord_Howe",
     "2026-10-03T15:10",
     {"2026-10-03T15:15", "2026-10-03T15:30", "2026-10-03T15:45"}},
    {"by a day: Samoa changed sides of the date line",
     "0 12 * * *",
     "Pacific/Apia",
     "2011-12-29T12:00",
     {"2011-12-29T22:00", "2011-12-30T10:00", "2011-12-30T22:00"}},
};

const Change kBack[] = {
    {"a time of the day that is shown twice comes once",
     "30 2 * * *",
     "Europe/Berlin",
     "2026-10-24T12:00",
     {"2026-10-25T00:30", "2026-10-26T01:30"}},
    {"also for who asks while it is shown again",
     "30 2 * * *",
     "Europe/Berlin",
     "2026-10-25T01:10",
     {"2026-10-26T01:30"}},
    {"every few minutes in both hours",
     "*/30 * * * *",
     "Europe/Berlin",
     "2026-10-25T00:10",
     {"2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30", "2026-10-25T02:00"}},
    {"every hour in both",
     "@hourly",
     "Europe/Berlin",
     "2026-10-24T23:30",
     {"2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00"}},
    {"every few minutes of an hour that comes twice",
     "*/30 1 * * *",
     "America/New_York",
     "2026-11-01T00:00",
     {"2026-11-01T05:00", "2026-11-01T05:30", "2026-11-01T06:00", "2026-11-01T06:30", "2026-11-02T06:00"}},
    {"in New York",
     "30 1 * * *",
     "America/New_York",
     "2026-10-31T12:00",
     {"2026-11-01T05:30", "2026-11-02T06:30"}},
    {"by half an hour",
     "45 1 * * *",
     "Australia/Lord_Howe",
     "2027-04-03T12:00",
     {"2027-04-03T14:45", "2027-04-04T15:15"}},
    {"every few minutes, by half an hour",
     "*/20 * * * *",
     "Australia/Lord_Howe",
     "2027-04-03T14:35",
     {"2027-04-03T14:40", "2027-04-03T15:10", "2027-04-03T15:30"}},
};

/// Also when nobody has looked for a while.
Times newest_and_next(Clocks& clocks, const char* cron, const char* known, const char* now)
{
    const std::vector<TimesAsked> asked{{workflow::Cron::parse(cron), "Europe/Berlin",
                                         core::parse_rfc3339(known).value(),
                                         core::parse_rfc3339(now).value()}};
    const auto body = [&](storage::Transaction& transaction) { return passed_times(transaction, asked); };
    const auto passed = core::sync_wait(clocks.pool.transact(soon(), body)).at(0).value();
    return {core::to_rfc3339(passed.newest.value()).substr(0, 16), std::to_string(passed.older),
            core::to_rfc3339(passed.next).substr(0, 16)};
}

}  // namespace

TEST_CASE("where the clock is put forward, a time of the day comes all the same, every so often goes on")
{
    Clocks clocks;
    for (const auto& [what, cron, zone, after, times] : kForward)
        CHECK_MESSAGE(clocks.times(cron, zone, after, times.size()) == times, what);
}

TEST_CASE("where the clock is put back, a time of the day comes once, every so often in both hours")
{
    Clocks clocks;
    for (const auto& [what, cron, zone, after, times] : kBack)
        CHECK_MESSAGE(clocks.times(cron, zone, after, times.size()) == times, what);
}

TEST_CASE("what has been missed is counted across a change of the clock, and a far time is found")
{
    Clocks clocks;
    CHECK(newest_and_next(clocks, "*/30 * * * *", "2026-10-25T00:00:00Z", "2026-10-25T03:10:00Z") ==
          Times{"2026-10-25T03:00", "6", "2026-10-25T03:30"});
    CHECK(newest_and_next(clocks, "30 2 * * *", "2026-10-24T00:30:00Z", "2026-10-26T12:00:00Z") ==
          Times{"2026-10-26T01:30", "2", "2026-10-27T01:30"});
    CHECK(clocks.times("0 12 29 2 *", "Europe/Berlin", "2026-11-20T00:00", 2) ==
          Times{"2028-02-29T11:00", "2032-02-29T11:00"});
    // In 2027 the clock leaves it out; so it does in 2032.
    CHECK(clocks.times("*/30 2 28 3 *", "Europe/Berlin", "2027-01-01T00:00", 1) == Times{"2028-03-28T00:00"});
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

TEST_CASE("a repeated request changes or deletes a schedule once, and is answered twice")
{
    World world;
    ScheduledReplica replica(world);
    replica.define(waiting("hold"));
    replica.create(schedule("s", "hold"));
    CHECK(replica.patch("s", {{"isPaused", true}}, {{1}}, "patch").version == 2);
    replica.patch("s", {{"isPaused", false}});
    const auto again = replica.patch("s", {{"isPaused", true}}, {{1}}, "patch");
    CHECK(again.version == 3);
    CHECK_FALSE(again.is_paused);
    CHECK(refusal([&] {
              replica.patch("s", {{"isPaused", false}}, {{1}}, "patch");
          }).code == ErrorCode::invalid);

    const auto gone = replica.remove("s", {{3}}, "delete");
    CHECK(gone.deleted_at);
    CHECK(replica.remove("s", {{3}}, "delete") == gone);
    CHECK(refusal([&] { replica.remove("s", {{3}}, "another"); }).code == ErrorCode::not_found);
}
