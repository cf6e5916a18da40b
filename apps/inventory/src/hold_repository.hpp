#pragma once

#include <optional>
#include <span>
#include <vector>

#include "lintel/contracts/inventory.hpp"
#include "lintel/storage/point_reads.hpp"
#include "stock_repository.hpp"

namespace lintel::inventory {

/// Locks holds for the rest of the transaction. With Patience::skips, what somebody else has locked is left
/// out.
std::vector<contracts::Hold> lock_holds(storage::Transaction& transaction, std::span<const core::Id> ids,
                                        Patience patience);
/// Locks holds that have not been confirmed in time and that nobody else is at, those first that have been
/// due the longest: the next `limit` behind the hold `after`, or the first ones.
std::vector<contracts::Hold> lock_due_holds(storage::Transaction& transaction,
                                            const std::optional<core::Id>& after, std::size_t limit);
void insert_holds(storage::Transaction& transaction, std::span<const contracts::Hold> holds);
/// Writes holds that are locked as they are from now on.
void save_holds(storage::Transaction& transaction, std::span<const contracts::Hold> holds);

/// Holds in Postgres, for those who look at them; hold_commands has what changes them. Errors as
/// storage::Pool's.
class HoldRepository {
public:
    explicit HoldRepository(storage::Pool& pool);

    core::Task<std::optional<contracts::Hold>> get(telemetry::Context context, core::Id id);
    /// At most `limit` holds older than `before`, the newest first.
    core::Task<std::vector<contracts::Hold>> list(telemetry::Context context, contracts::HoldList filter,
                                                  core::Id before, std::int64_t limit);
    /// Whether lock_due_holds() would find any.
    core::Task<bool> has_due(telemetry::Context context);
    storage::Pool& pool() noexcept { return pool_; }

private:
    storage::Pool& pool_;
    storage::PointReads<contracts::Hold> reads_;
};

}  // namespace lintel::inventory
