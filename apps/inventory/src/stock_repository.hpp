#pragma once

#include <optional>
#include <set>
#include <vector>

#include "lintel/storage/idempotency.hpp"
#include "lintel/storage/pool.hpp"
#include "stock_book.hpp"

namespace lintel::inventory {

/// Whether to wait for rows that somebody else has locked, or to do without them.
enum class Patience { waits, skips };

/// Locks the stock at `places` for the rest of the transaction. With Patience::skips, what somebody else has
/// locked is not in the book.
StockBook lock_stock(storage::Transaction& transaction, const std::set<StockPlace>& places,
                     Patience patience);
/// Writes what has moved.
void save_stock(storage::Transaction& transaction, const StockBook& book);

/// Stock in Postgres, for those who look at it or count it. Errors as storage::Pool's, and those that are
/// named.
class StockRepository {
public:
    explicit StockRepository(storage::Pool& pool);

    /// Error{invalid} for a product that there is not, or a key that was used with another request;
    /// Error{conflict} when less would be left than is reserved.
    core::Task<contracts::StockAdjusted> adjust(telemetry::Context context,
                                                contracts::StockAdjustment request,
                                                std::optional<storage::IdempotencyKey> key);
    /// At most `limit`, older than `before`, the newest first.
    core::Task<std::vector<contracts::StockLevel>> list(telemetry::Context context,
                                                        contracts::StockLevelList filter, core::Id before,
                                                        std::int64_t limit);
    core::Task<std::vector<contracts::StockMovement>> movements(telemetry::Context context,
                                                                contracts::StockMovementList filter,
                                                                core::Id before, std::int64_t limit);

private:
    core::Task<storage::Rows> page(telemetry::Context context, const contracts::StockMovementList& filter,
                                   core::Id before, std::int64_t limit);

    storage::Pool& pool_;
};

}  // namespace lintel::inventory
