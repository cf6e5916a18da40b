#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "lintel/core/time.hpp"
#include "lintel/workflow/cron.hpp"

namespace lintel::workflow {

/// What a clock on the wall shows from `since` on, until the next period: UTC and `ahead`.
struct ClockPeriod {
    core::Timestamp since;
    std::chrono::minutes ahead{};
};

/// The first time of `cron` after `after` and before `until`, by a clock whose periods are given in their
/// order; what the clock showed in the day before `after` must be among them.
///
/// Where the clock is changed, as cron(8) does it. A cron that Cron::is_wildcard() goes by what the clock
/// shows: what it shows twice comes twice, what it leaves out does not come. The times of any other come once
/// each: the first time that the clock shows them, or as soon as it has left them out.
std::optional<core::Timestamp> next_time(const Cron& cron, std::span<const ClockPeriod> clock,
                                         core::Timestamp after, core::Timestamp until);

}  // namespace lintel::workflow
