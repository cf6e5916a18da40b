#include "lintel/workflow/wall_clock.hpp"

#include <algorithm>

namespace lintel::workflow {
namespace {

using std::chrono::minutes;

CivilTime shown(core::Timestamp at, minutes ahead)
{
    return CivilTime(std::chrono::floor<minutes>(at).time_since_epoch() + ahead);
}

core::Timestamp instant(CivilTime time, minutes ahead)
{
    return core::Timestamp(time.time_since_epoch() - ahead);
}

CivilTime first_from(const Cron& cron, CivilTime time)
{
    return cron.next(time - minutes(1));
}

}  // namespace

std::optional<core::Timestamp> next_time(const Cron& cron, std::span<const ClockPeriod> clock,
                                         core::Timestamp after, core::Timestamp until)
{
    // The first that the clock has not shown yet.
    std::optional<CivilTime> fresh;
    for (std::size_t i = 0; i < clock.size(); ++i) {
        const auto& [since, ahead] = clock[i];
        const auto end = i + 1 < clock.size() ? clock[i + 1].since : until;
        auto from = shown(since, ahead);
        if (!cron.is_wildcard() && fresh) {
            const bool has_left_out = *fresh < from && first_from(cron, *fresh) < from;
            if (has_left_out && since > after && since < until) return since;
            from = std::max(from, *fresh);
        }
        if (since <= after) from = std::max(from, shown(after, ahead) + minutes(1));
        const auto found = instant(first_from(cron, from), ahead);
        if (found < end && found < until) return found;
        fresh = std::max(fresh.value_or(shown(end, ahead)), shown(end, ahead));
    }
    return std::nullopt;
}

}  // namespace lintel::workflow
