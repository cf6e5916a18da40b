#pragma once

#include <bitset>
#include <chrono>
#include <string_view>

namespace lintel::workflow {

/// What a clock on the wall shows; where the wall stands is the caller's business.
using CivilTime = std::chrono::local_time<std::chrono::minutes>;

/// The times of a cron expression: minute, hour, day of the month, month, day of the week (crontab(5)). A
/// value. Every Cron has times; one that has none is refused.
class Cron {
public:
    /// Fields hold `*`, numbers, ranges, `*` or a range with a step, and lists of these; months and days of
    /// the week also by the first three letters of their English names, in either case; Sunday is 0, 7 or
    /// SUN. When both day of the month and day of the week are restricted, either is enough; a field that
    /// begins with `*` restricts nothing of the other. Also @hourly, @daily, @midnight, @weekly, @monthly,
    /// @yearly and @annually.
    ///
    /// Throws core::Error{invalid} with a fault for each bad field, its pointer empty.
    static Cron parse(std::string_view expression);

    bool matches(CivilTime time) const noexcept;
    /// The first time after `time`.
    CivilTime next(CivilTime time) const;
    /// Whether minute or hour begin with `*`: it is meant to come every so often, not at a time of the day.
    bool is_wildcard() const noexcept { return is_wildcard_; }

private:
    Cron() = default;

    bool matches_day(std::chrono::local_days day) const noexcept;
    bool has_times() const noexcept;
    /// The first day that matches, `day` included.
    std::chrono::local_days first_day_from(std::chrono::local_days day) const;

    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<7> weekdays_;
    /// Whether the field begins with `*`.
    bool has_any_day_ = false;
    bool has_any_weekday_ = false;
    bool is_wildcard_ = false;
};

}  // namespace lintel::workflow
