#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "definition_catalog.hpp"
#include "lintel/contracts/schedules.hpp"
#include "lintel/storage/idempotency.hpp"
#include "lintel/storage/pool.hpp"

namespace lintel::workflows {

/// A workflow that a schedule is to start.
struct ScheduleStart {
    core::Id run;
    core::Timestamp tick{};
    bool is_trigger = false;
    /// The run that is to be ended first.
    std::optional<core::Id> other;
    bool is_too_late = false;
    /// Somebody has, and died before he could say so.
    bool is_started = false;
    std::string schedule;
    std::string definition;
    std::optional<std::int64_t> definition_version;
    std::string input;
    contracts::OverlapPolicy overlap{};
    contracts::Owner owner;
    std::string attributes;
};

/// Schedules in Postgres, and the starts that are owed. Errors as storage::Pool's, and those that are named.
class ScheduleRepository {
public:
    explicit ScheduleRepository(storage::Pool& pool);

    struct Created {
        contracts::Schedule schedule;
        bool is_replay = false;
    };
    /// Error{invalid} with every fault, also for a key that was used with another request; Error{conflict}
    /// when the name is taken, or when the key's schedule has been deleted.
    core::Task<Created> create(telemetry::Context context, contracts::ScheduleCreate request,
                               std::optional<storage::IdempotencyKey> key);
    core::Task<std::optional<contracts::Schedule>> get(telemetry::Context context, std::string name);
    /// At most `limit` schedules older than `before`, the newest first.
    core::Task<std::vector<contracts::Schedule>> list(telemetry::Context context, core::Id before,
                                                      std::int64_t limit);
    /// What a schedule is to become; runs on a database thread.
    using Change = std::function<contracts::ScheduleCreate(const contracts::Schedule&)>;
    /// Error{not_found}; Error{invalid} with every fault of what came out, or for a key that was used with
    /// another request. A repetition finds the schedule as it is by now.
    core::Task<contracts::Schedule> update(telemetry::Context context, std::string name, Change change,
                                           std::optional<storage::IdempotencyKey> key);
    /// Throws when it must not be.
    using Check = std::function<void(const contracts::Schedule&)>;
    /// As update().
    core::Task<contracts::Schedule> remove(telemetry::Context context, std::string name, Check check,
                                           std::optional<storage::IdempotencyKey> key);

    /// A start of its own, noted as owed.
    struct Triggered {
        core::Id run;
        bool is_replay = false;
    };
    /// Nothing when there is no such schedule. Error{invalid} for a key that was used with another request.
    core::Task<std::optional<Triggered>> trigger(telemetry::Context context, std::string name,
                                                 std::optional<storage::IdempotencyKey> key);

    /// The starts that can be made now: those with the ids of `runs`, and what was left by others.
    core::Task<std::vector<ScheduleStart>> find_starts(telemetry::Context context, std::vector<core::Id> runs,
                                                       std::size_t limit);
    /// It has been made; false when somebody has said so before.
    core::Task<bool> finish_start(telemetry::Context context, core::Id run);
    /// It will not be made; false when it was not owed any more.
    core::Task<bool> drop_start(telemetry::Context context, core::Id run);
    core::Task<void> release_key(telemetry::Context context, storage::IdempotencyKey key);
    storage::Pool& pool() noexcept { return pool_; }

private:
    storage::Pool& pool_;
    DefinitionCatalog catalog_;
};

/// Error{not_found}.
core::Error no_such_schedule(const std::string& name);

/// What a caller said of a schedule, as it stands now.
contracts::ScheduleCreate description_of(const contracts::Schedule& schedule);

}  // namespace lintel::workflows
