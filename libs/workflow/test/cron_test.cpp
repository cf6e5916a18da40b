// Cron expressions over civil time.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lintel/core/error.hpp"
#include "lintel/workflow/cron.hpp"

using namespace lintel;
using namespace std::chrono;
using workflow::CivilTime;
using workflow::Cron;

namespace {

CivilTime at(int y, unsigned m, unsigned d, int hour = 0, int minute = 0)
{
    return local_days{year(y) / month(m) / day(d)} + hours(hour) + minutes(minute);
}

std::string text(CivilTime time)
{
    const auto date = floor<days>(time);
    const year_month_day ymd(date);
    const hh_mm_ss<minutes> clock(time - date);
    const auto two = [](auto n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return std::to_string(static_cast<int>(ymd.year())) + '-' + two(static_cast<unsigned>(ymd.month())) +
           '-' + two(static_cast<unsigned>(ymd.day())) + ' ' + two(clock.hours().count()) + ':' +
           two(clock.minutes().count());
}

/// The next `count` times after `from`.
std::vector<std::string> times(const char* expression, CivilTime from, int count)
{
    const auto cron = Cron::parse(expression);
    std::vector<std::string> all;
    for (; count > 0; --count) {
        from = cron.next(from);
        CHECK(cron.matches(from));
        all.push_back(text(from));
    }
    return all;
}

std::vector<std::string> faults(const char* expression)
{
    std::vector<std::string> details;
    try {
        Cron::parse(expression);
    } catch (const core::Error& error) {
        CHECK(error.code() == core::ErrorCode::invalid);
        for (const auto& field : error.fields()) {
            CHECK(field.pointer.empty());
            details.push_back(field.detail);
        }
    }
    return details;
}

using Times = std::vector<std::string>;

}  // namespace

TEST_CASE("the next time is strictly after")
{
    CHECK(times("* * * * *", at(2026, 12, 31, 23, 58), 3) ==
          Times{"2026-12-31 23:59", "2027-01-01 00:00", "2027-01-01 00:01"});
    CHECK(times("30 2 * * *", at(2026, 3, 1, 2, 30), 2) == Times{"2026-03-02 02:30", "2026-03-03 02:30"});
    CHECK(times("0 0 * * *", at(2026, 3, 1), 1) == Times{"2026-03-02 00:00"});
    CHECK(times("59 23 31 12 *", at(2026, 12, 31, 23, 59), 1) == Times{"2027-12-31 23:59"});
}

TEST_CASE("lists, ranges and steps")
{
    CHECK(times("5,50 8-9 * * *", at(2026, 5, 4), 5) == Times{"2026-05-04 08:05", "2026-05-04 08:50",
                                                              "2026-05-04 09:05", "2026-05-04 09:50",
                                                              "2026-05-05 08:05"});
    CHECK(times("*/20 0 * * *", at(2026, 5, 4, 12), 3) ==
          Times{"2026-05-05 00:00", "2026-05-05 00:20", "2026-05-05 00:40"});
    CHECK(times("10-30/10,59 3 * * *", at(2026, 5, 4), 4) ==
          Times{"2026-05-04 03:10", "2026-05-04 03:20", "2026-05-04 03:30", "2026-05-04 03:59"});
    CHECK(times("  0\t0   1  */3 * ", at(2026, 1, 15), 3) ==
          Times{"2026-04-01 00:00", "2026-07-01 00:00", "2026-10-01 00:00"});
}

TEST_CASE("months and days of the week have names, and Sunday is 0, 7 and SUN")
{
    const Times sundays{"2026-11-22 06:00", "2026-11-29 06:00"};
    for (const auto* expression : {"0 6 * * 0", "0 6 * * 7", "0 6 * * SUN", "0 6 * * sun"})
        CHECK(times(expression, at(2026, 11, 20), 2) == sundays);
    CHECK(times("0 6 * * FRI-SUN", at(2026, 11, 20, 7), 3) ==
          Times{"2026-11-21 06:00", "2026-11-22 06:00", "2026-11-27 06:00"});
    CHECK(times("0 6 * * 5-7", at(2026, 11, 20, 7), 2) == Times{"2026-11-21 06:00", "2026-11-22 06:00"});
    CHECK(times("0 6 * * SUN-TUE", at(2026, 11, 20, 7), 3) ==
          Times{"2026-11-22 06:00", "2026-11-23 06:00", "2026-11-24 06:00"});
    CHECK(times("0 0 1 Jan,jUL *", at(2026, 11, 20), 2) == Times{"2027-01-01 00:00", "2027-07-01 00:00"});
}

TEST_CASE("the ends of months, and leap years")
{
    CHECK(times("0 0 31 * *", at(2026, 1, 31), 3) ==
          Times{"2026-03-31 00:00", "2026-05-31 00:00", "2026-07-31 00:00"});
    CHECK(times("0 0 30 * *", at(2027, 1, 30), 1) == Times{"2027-03-30 00:00"});
    CHECK(times("0 12 29 2 *", at(2026, 1, 1), 2) == Times{"2028-02-29 12:00", "2032-02-29 12:00"});
    CHECK(times("0 12 29 2 *", at(2096, 3, 1), 1) == Times{"2104-02-29 12:00"});
}

TEST_CASE("either of two restricted days is enough; a star restricts nothing")
{
    CHECK(times("0 0 13 * FRI", at(2026, 11, 1), 5) == Times{"2026-11-06 00:00", "2026-11-13 00:00",
                                                             "2026-11-20 00:00", "2026-11-27 00:00",
                                                             "2026-12-04 00:00"});
    CHECK(times("0 0 13 * *", at(2026, 11, 1), 2) == Times{"2026-11-13 00:00", "2026-12-13 00:00"});
    CHECK(times("0 0 * * FRI", at(2026, 11, 1), 1) == Times{"2026-11-06 00:00"});
    // crontab(5): a field that begins with a star is not restricted, so both must match.
    CHECK(times("0 0 */10 * MON", at(2026, 11, 1), 2) == Times{"2026-12-21 00:00", "2027-01-11 00:00"});
    // A Sunday on 29 February.
    CHECK(times("0 0 29 2 */7", at(2026, 1, 1), 2) == Times{"2032-02-29 00:00", "2060-02-29 00:00"});
}

TEST_CASE("the usual ones have names")
{
    const auto from = at(2026, 11, 20, 16, 42);
    CHECK(times("@hourly", from, 1) == Times{"2026-11-20 17:00"});
    CHECK(times("@daily", from, 1) == Times{"2026-11-21 00:00"});
    CHECK(times("@weekly", from, 1) == Times{"2026-11-22 00:00"});
    CHECK(times("@monthly", from, 1) == Times{"2026-12-01 00:00"});
    CHECK(times("@yearly", from, 1) == Times{"2027-01-01 00:00"});
}

TEST_CASE("what is no expression is refused with every reason")
{
    CHECK(faults("* * * *").at(0).find("has 4") != std::string::npos);
    CHECK(faults("* * * * * *").at(0).find("has 6") != std::string::npos);
    CHECK(faults("").size() == 1);
    CHECK(faults("@reboot").size() == 1);
    CHECK(faults("60 * * * *") == Times{"minute: '60' is not from 0 to 59"});
    CHECK(faults("61 24 0 13 8").size() == 5);
    CHECK(faults("* * * FOO *") == Times{"month: 'FOO' is not a number or name"});
    CHECK(faults("9-5 * * * *") == Times{"minute: the range '9-5' ends before it begins"});
    CHECK(faults("*/0 * * * *") == Times{"minute: the step '0' is not a number from 1 to 60"});
    CHECK(faults("*/90 * * * *").size() == 1);
    CHECK(faults("5/10 * * * *") == Times{"minute: the step in '5/10' needs '*' or a range before it"});
    for (const auto* item : {",", "1,", ",1", "1,,2", "-1", "1-", "1-2-3", "1//2", "*/", "*1", "1.5", "+1",
                             "MON", "99999999999999999999", "L", "?", "0x1"})
        CHECK_MESSAGE(faults((std::string(item) + " * * * *").c_str()).size() == 1, item);
}

TEST_CASE("what never comes is refused")
{
    const Times never{"never comes: there is no such day in these months"};
    CHECK(faults("0 0 30 2 *") == never);
    CHECK(faults("0 0 31 2,4,6,9,11 *") == never);
    CHECK(faults("0 0 30 2 */2") == never);
    // On any Monday of a February.
    CHECK(faults("0 0 30 2 MON").empty());
}
