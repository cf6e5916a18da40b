#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lintel/core/time.hpp"
#include "lintel/storage/transaction.hpp"
#include "lintel/workflow/cron.hpp"

namespace lintel::workflows {

/// What the times of a schedule have come to.
struct PassedTimes {
    /// The newest, when it is another than the one that was known.
    std::optional<core::Timestamp> newest;
    /// Those between the two, and the one that was known.
    std::int64_t older = 0;
    /// The first that is still to come.
    core::Timestamp next{};
};

struct TimesAsked {
    workflow::Cron cron;
    std::string zone;
    /// A time that was known to come.
    core::Timestamp known{};
    core::Timestamp now{};
};

/// The times of schedules by the clocks of their zones, which Postgres knows; workflow::next_time() says what
/// becomes of them where those are changed. An answer for each, nothing where the zone is not known.
std::vector<std::optional<PassedTimes>> passed_times(storage::Transaction& transaction,
                                                     const std::vector<TimesAsked>& asked);

}  // namespace lintel::workflows
