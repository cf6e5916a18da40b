#include "lintel/workflow/wall_clock.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace lintel;
using namespace lintel::workflow;
using namespace std::chrono_literals;
using std::chrono::minutes;

namespace {

core::Timestamp at(const char* time)
{
    return core::parse_rfc3339(std::string(time) + ":00Z").value();
}

std::string text(core::Timestamp time)
{
    return core::to_rfc3339(time).substr(0, 16);
}

/// Berlin's at the ends of October 2026 and March 2027, then one that jumps more than is usual.
const std::vector<ClockPeriod> kClock{{at("2026-10-01T00:00"), 120min},
                                      {at("2026-10-25T01:00"), 60min},
                                      {at("2027-03-28T01:00"), 120min},
                                      {at("2027-04-10T10:00"), 26h},
                                      {at("2027-04-12T10:07"), 90min}};

minutes ahead_at(core::Timestamp time)
{
    auto ahead = kClock.front().ahead;
    for (const auto& period : kClock)
        if (period.since <= time) ahead = period.ahead;
    return ahead;
}

CivilTime shown(core::Timestamp time)
{
    return CivilTime(std::chrono::floor<minutes>(time).time_since_epoch() + ahead_at(time));
}

/// The same rules, minute by minute.
std::vector<std::string> by_the_minute(const Cron& cron, core::Timestamp from, core::Timestamp until)
{
    std::vector<std::string> times;
    auto latest = shown(from);
    for (auto time = from + 1min; time < until; time += 1min) {
        const auto now = shown(time);
        bool comes = cron.is_wildcard() && cron.matches(now);
        for (auto fresh = latest + 1min; !cron.is_wildcard() && fresh <= now; fresh += 1min)
            comes = comes || cron.matches(fresh);
        latest = std::max(latest, now);
        if (comes) times.push_back(text(time));
    }
    return times;
}

std::vector<std::string> one_by_one(const Cron& cron, core::Timestamp from, core::Timestamp until)
{
    std::vector<std::string> times;
    for (auto next = next_time(cron, kClock, from, until); next; next = next_time(cron, kClock, *next, until))
        times.push_back(text(*next));
    return times;
}

}  // namespace

TEST_CASE("the times around a change of the clock are those that a look at each minute finds")
{
    const std::pair<core::Timestamp, core::Timestamp> spans[] = {
        {at("2026-10-24T12:00"), at("2026-10-26T12:00")},
        {at("2027-03-27T12:00"), at("2027-03-29T12:00")},
        {at("2027-04-09T00:00"), at("2027-04-15T00:00")}};
    for (const auto* expression :
         {"* * * * *", "*/5 * * * *", "30 * * * *", "*/20 2 * * *", "* 2-3 * * *", "30 2 * * *",
          "0,30 2 * * *", "0 3 * * *", "15 1,2,3 * * *", "59 1 * * *", "7 12 11 * *", "0 0 * * 0"}) {
        const auto cron = Cron::parse(expression);
        for (const auto& [from, until] : spans)
            CHECK_MESSAGE(one_by_one(cron, from, until) == by_the_minute(cron, from, until), expression);
    }
}

TEST_CASE("there is no time beyond what is known of the clock")
{
    const auto cron = Cron::parse("30 2 * * *");
    const auto time = at("2026-10-10T00:30");
    CHECK_FALSE(next_time(cron, kClock, time - 1min, time));
    CHECK(next_time(cron, kClock, time - 1min, time + 1min) == time);
    CHECK(next_time(cron, kClock, time - 1ms, time + 1min) == time);
    CHECK_FALSE(next_time(cron, {}, time - 1min, time + 1min));
}
