#pragma once

#include <optional>
#include <vector>

#include "lintel/contracts/inventory.hpp"
#include "lintel/core/error.hpp"
#include "lintel/storage/idempotency.hpp"
#include "lintel/storage/point_reads.hpp"

namespace lintel::inventory {

core::Error no_such_pick(const core::Id& id);

/// Pick lists in Postgres. A hold is locked before its list, and stock after both, as everywhere in this
/// service. Errors as storage::Pool's, those of pick_rules, `not_found`, and `invalid` for a key that was
/// used with another request.
class PickRepository {
public:
    using Key = std::optional<storage::IdempotencyKey>;

    explicit PickRepository(storage::Pool& pool);

    struct Changed {
        contracts::Pick pick;
        bool is_replay = false;
        /// A workflow is to be told: an intent has been written.
        bool is_promised = false;
    };
    /// Error{conflict} when the hold has a list that is not cancelled.
    core::Task<Changed> create(telemetry::Context context, contracts::PickCreate request, Key key);
    core::Task<std::optional<contracts::Pick>> get(telemetry::Context context, core::Id id);
    /// At most `limit` lists older than `before`, the newest first.
    core::Task<std::vector<contracts::Pick>> list(telemetry::Context context, contracts::PickList filter,
                                                  core::Id before, std::int64_t limit);
    core::Task<contracts::Pick> mark(telemetry::Context context, contracts::PickMark request, Key key);
    core::Task<Changed> complete(telemetry::Context context, core::Id id, Key key);
    core::Task<Changed> cancel(telemetry::Context context, core::Id id, Key key);

private:
    core::Task<storage::Rows> page(telemetry::Context context, const contracts::PickList& filter,
                                   core::Id before, std::int64_t limit);

    storage::Pool& pool_;
    storage::PointReads<contracts::Pick> reads_;
};

}  // namespace lintel::inventory
