#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"
#include "lintel/storage/transaction.hpp"

namespace lintel::workflows {

/// What became of a time of a schedule.
enum class TickOutcome {
    /// To be started at once.
    owed,
    /// To be started when what was started before has ended.
    buffered,
    /// What was started before is under way.
    skipped,
    /// Too late.
    missed,
    /// The schedule cannot be read any more.
    refused,
};

struct TakenTick {
    std::string schedule;
    /// The newest time that has passed.
    core::Timestamp tick{};
    TickOutcome outcome = TickOutcome::owed;
    /// Of what is to be started.
    core::Id run;
    /// Those before it that nobody has used, because nothing ran.
    std::int64_t older = 0;
    std::string why;
};

/// Takes the times that have come of at most `limit` schedules, each once, whoever else looks: notes what is
/// to be started and moves the schedules on. Nothing is early: the database's clock tells.
std::vector<TakenTick> take_due_ticks(storage::Transaction& transaction, std::size_t limit);

}  // namespace lintel::workflows
