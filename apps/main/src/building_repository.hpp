#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lintel/contracts/buildings.hpp"
#include "lintel/storage/batch.hpp"
#include "lintel/storage/outbox.hpp"
#include "lintel/storage/point_reads.hpp"

namespace lintel::main {

/// A building that is to be created, with everything that must be written in the same transaction.
struct NewBuilding {
    contracts::Building building;
    /// Empty when the client gave none.
    std::string key;
    /// The same for the same request.
    core::Id fingerprint;
    core::Timestamp key_expires_at;
    /// The promise to start its workflow.
    storage::NewIntent intent;
};

/// What became of a NewBuilding.
enum class Insertion {
    inserted,
    /// Nothing is written: the key is taken.
    key_taken,
    /// Nothing is written: there is no such parent, or not any more.
    no_parent,
};

/// What an Idempotency-Key has been used for.
struct UsedKey {
    core::Id fingerprint;
    core::Id building_id;
};

/// The table `buildings` and the keys that guard it. Errors as storage::Pool's, and `invalid` for a parent
/// that is no building.
class BuildingRepository {
public:
    explicit BuildingRepository(storage::Pool& pool);

    core::Task<Insertion> insert(telemetry::Context context, NewBuilding building);
    core::Task<std::optional<UsedKey>> find_key(telemetry::Context context, std::string key);
    core::Task<std::optional<contracts::Building>> get(telemetry::Context context, core::Id id);
    /// At most `limit` buildings older than `before`, the newest first.
    core::Task<std::vector<contracts::Building>> list(telemetry::Context context,
                                                      contracts::BuildingList filter, core::Id before,
                                                      std::int64_t limit);

    /// Replaces a building by what `change` makes of it, alone among all writers; nothing when there is none.
    /// `change` runs on a database thread, perhaps more than once; what it throws ends the change and nothing
    /// is written.
    using Change = std::function<contracts::Building(const contracts::Building&)>;
    core::Task<std::optional<contracts::Building>> update(telemetry::Context context, core::Id id,
                                                          Change change);

    /// Deletes a building that `check` lets through; false when there is none.
    using Check = std::function<void(const contracts::Building&)>;
    core::Task<bool> remove(telemetry::Context context, core::Id id, Check check);

private:
    storage::Pool& pool_;
    storage::Batch<NewBuilding, Insertion> inserts_;
    storage::PointReads<contracts::Building> reads_;
};

}  // namespace lintel::main
