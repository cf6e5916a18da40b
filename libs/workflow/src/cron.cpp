#include "lintel/workflow/cron.hpp"

#include "cron_field.hpp"
#include "lintel/core/error.hpp"

namespace lintel::workflow {
namespace {

using namespace std::chrono;
using core::Error;
using core::ErrorCode;

/// The calendar repeats itself after so many years, days of the week included.
constexpr years kCycle{400};

std::string_view expanded(std::string_view expression)
{
    if (expression == "@hourly") return "0 * * * *";
    if (expression == "@daily" || expression == "@midnight") return "0 0 * * *";
    if (expression == "@weekly") return "0 0 * * 0";
    if (expression == "@monthly") return "0 0 1 * *";
    if (expression == "@yearly" || expression == "@annually") return "0 0 1 1 *";
    return expression;
}

template <std::size_t size>
std::bitset<size> bits(std::uint64_t set)
{
    return std::bitset<size>(set);
}

}  // namespace

Cron Cron::parse(std::string_view expression)
{
    const auto fields = split_cron(expanded(expression));
    std::vector<core::FieldError> faults;
    const auto read = [&](const CronField& field, std::size_t at) {
        return read_cron_field(field, fields[at], faults);
    };
    Cron cron;
    cron.minutes_ = bits<60>(read(kMinuteField, 0));
    cron.hours_ = bits<24>(read(kHourField, 1));
    cron.days_ = bits<32>(read(kDayField, 2));
    cron.months_ = bits<13>(read(kMonthField, 3));
    const auto weekdays = read(kWeekdayField, 4);
    // 7 is Sunday, too.
    cron.weekdays_ = bits<7>((weekdays | (weekdays >> 7U)) & 0x7fU);
    cron.has_any_day_ = fields[2].front() == '*';
    cron.has_any_weekday_ = fields[4].front() == '*';
    cron.is_wildcard_ = fields[0].front() == '*' || fields[1].front() == '*';
    if (faults.empty() && !cron.has_times())
        faults.push_back({"", "never comes: there is no such day in these months"});
    if (!faults.empty())
        throw Error(ErrorCode::invalid, "the cron expression is not acceptable", std::move(faults));
    return cron;
}

bool Cron::matches_day(local_days day) const noexcept
{
    const year_month_day date(day);
    if (!months_[static_cast<unsigned>(date.month())]) return false;
    const bool is_day = days_[static_cast<unsigned>(date.day())];
    const bool is_weekday = weekdays_[weekday(day).c_encoding()];
    return has_any_day_ || has_any_weekday_ ? is_day && is_weekday : is_day || is_weekday;
}

bool Cron::matches(CivilTime time) const noexcept
{
    const auto day = floor<days>(time);
    const hh_mm_ss<minutes> clock(time - day);
    return matches_day(day) && hours_[static_cast<std::size_t>(clock.hours().count())] &&
           minutes_[static_cast<std::size_t>(clock.minutes().count())];
}

/// Whether any day of a whole cycle matches.
bool Cron::has_times() const noexcept
{
    const local_days first{2000y / January / 1};
    const local_days end{(2000y + kCycle) / January / 1};
    for (auto day = first; day < end;) {
        const year_month_day date(day);
        const auto next_month = local_days{(date.year() / date.month() + months(1)) / 1};
        if (!months_[static_cast<unsigned>(date.month())]) {
            day = next_month;
            continue;
        }
        if (matches_day(day)) return true;
        ++day;
    }
    return false;
}

local_days Cron::first_day_from(local_days day) const
{
    while (!matches_day(day)) {
        const year_month_day date(day);
        const bool is_month = months_[static_cast<unsigned>(date.month())];
        day = is_month ? day + days(1) : local_days{(date.year() / date.month() + months(1)) / 1};
    }
    return day;
}

CivilTime Cron::next(CivilTime time) const
{
    const auto earliest = time + minutes(1);
    const auto today = floor<days>(earliest);
    const auto day = first_day_from(today);
    // On a later day any minute will do.
    auto at = day == today ? earliest : CivilTime(day);
    for (; floor<days>(at) == day; at += minutes(1)) {
        const hh_mm_ss<minutes> clock(at - day);
        if (!hours_[static_cast<std::size_t>(clock.hours().count())])
            at += minutes(59) - clock.minutes();
        else if (minutes_[static_cast<std::size_t>(clock.minutes().count())])
            return at;
    }
    return next(at - minutes(1));
}

}  // namespace lintel::workflow
