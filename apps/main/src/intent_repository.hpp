#pragma once

#include <vector>

#include "lintel/contracts/intents.hpp"
#include "lintel/storage/pool.hpp"

namespace lintel::main {

/// What the table `intents` shows to operators; the relay that works on it is storage::Outbox.
class IntentRepository {
public:
    explicit IntentRepository(storage::Pool& pool) : pool_(pool) {}

    /// At most `limit` intents younger than `after`, the oldest first.
    core::Task<std::vector<contracts::Intent>> list(telemetry::Context context, contracts::IntentList filter,
                                                    core::Id after, std::int64_t limit);
    core::Task<std::optional<contracts::Intent>> get(telemetry::Context context, core::Id id);

private:
    storage::Pool& pool_;
};

}  // namespace lintel::main
