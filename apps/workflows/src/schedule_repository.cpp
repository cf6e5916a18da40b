#include "schedule_repository.hpp"

#include "lintel/core/error.hpp"
#include "lintel/workflows/sql/queries.hpp"
#include "schedule_check.hpp"

namespace lintel::workflows {
namespace {

using contracts::OverlapPolicy;
using contracts::Schedule;
using contracts::ScheduleCreate;
using core::Error;
using core::ErrorCode;
using storage::array_of;

OverlapPolicy overlap_of(const storage::Row& row)
{
    const auto overlap = contracts::overlap_policy_from_string(row.get<std::string_view>("overlap"));
    if (!overlap) throw Error(ErrorCode::internal, "a stored schedule has an unknown overlap policy");
    return *overlap;
}

Schedule schedule_of(const storage::Row& row)
{
    Schedule schedule;
    schedule.id = row.get<core::Id>("id");
    schedule.version = row.get<std::int64_t>("version");
    schedule.name = row.get<std::string>("name");
    schedule.definition = row.get<std::string>("definition");
    schedule.definition_version = row.get<std::optional<std::int64_t>>("definition_version");
    schedule.cron = row.get<std::string>("cron");
    schedule.time_zone = row.get<std::string>("time_zone");
    schedule.input = row.get<std::string>("input");
    schedule.overlap = overlap_of(row);
    schedule.catch_up_window = std::chrono::milliseconds(row.get<std::int64_t>("catch_up_window"));
    schedule.is_paused = row.get<bool>("is_paused");
    schedule.owner.user_id = row.get<std::optional<std::string>>("owner_user_id");
    schedule.owner.org_id = row.get<std::optional<std::string>>("owner_org_id");
    schedule.attributes = row.get<std::string>("attributes");
    schedule.metadata = row.get<std::string>("metadata");
    schedule.next_at = row.get<std::optional<core::Timestamp>>("next_at");
    schedule.last_at = row.get<std::optional<core::Timestamp>>("last_at");
    schedule.last_workflow_id = row.get<std::optional<core::Id>>("last_workflow_id");
    schedule.created_at = row.get<core::Timestamp>("created_at");
    schedule.updated_at = row.get<core::Timestamp>("updated_at");
    schedule.deleted_at = row.get<std::optional<core::Timestamp>>("deleted_at");
    return schedule;
}

ScheduleStart start_of(const storage::Row& row)
{
    ScheduleStart start;
    start.run = row.get<core::Id>("run_id");
    start.tick = row.get<core::Timestamp>("tick");
    start.is_trigger = row.get<bool>("is_trigger");
    start.other = row.get<std::optional<core::Id>>("other_id");
    start.is_too_late = row.get<bool>("is_too_late");
    start.is_started = row.get<bool>("is_started");
    start.schedule = row.get<std::string>("name");
    start.definition = row.get<std::string>("definition");
    start.definition_version = row.get<std::optional<std::int64_t>>("definition_version");
    start.input = row.get<std::string>("input");
    start.overlap = overlap_of(row);
    start.owner.user_id = row.get<std::optional<std::string>>("owner_user_id");
    start.owner.org_id = row.get<std::optional<std::string>>("owner_org_id");
    start.attributes = row.get<std::string>("attributes");
    return start;
}

std::optional<Schedule> first_of(const storage::Rows& rows)
{
    return rows.empty() ? std::nullopt : std::optional(schedule_of(rows[0]));
}

/// One that a key was used for, deleted or not.
Schedule changed_before(storage::Transaction& transaction, const std::string& name, const core::Id& id)
{
    auto schedule = first_of(transaction.exec(sql::find_changed_schedule, id));
    if (!schedule) throw no_such_schedule(name);
    return std::move(*schedule);
}

/// Nothing while it is paused.
std::optional<core::Timestamp> unless_paused(const ScheduleCreate& schedule, core::Timestamp next)
{
    return schedule.is_paused ? std::nullopt : std::optional(next);
}

Schedule insert(storage::Transaction& transaction, const core::Id& id, const ScheduleCreate& request,
                core::Timestamp next)
{
    const auto rows = transaction.exec(
        sql::insert_schedule, id, request.name, request.definition, request.definition_version, request.cron,
        request.time_zone, request.input, contracts::to_string(request.overlap),
        request.catch_up_window.count(), request.is_paused, request.owner.user_id, request.owner.org_id,
        request.attributes, request.metadata, unless_paused(request, next));
    if (rows.empty()) throw Error(ErrorCode::conflict, "there is a schedule '" + request.name + "' already");
    return schedule_of(rows[0]);
}

Schedule save(storage::Transaction& transaction, const Schedule& present, const ScheduleCreate& after,
              core::Timestamp next)
{
    const bool has_other_times = present.cron != after.cron || present.time_zone != after.time_zone ||
                                 present.is_paused != after.is_paused;
    if (after.is_paused) transaction.exec(sql::drop_waiting_starts, present.id);
    const auto rows = transaction.exec(
        sql::update_schedule, present.id, after.definition, after.definition_version, after.cron,
        after.time_zone, after.input, contracts::to_string(after.overlap), after.catch_up_window.count(),
        after.is_paused, after.owner.user_id, after.owner.org_id, after.attributes, after.metadata,
        has_other_times, unless_paused(after, next));
    return schedule_of(rows.one());
}

}  // namespace

Error no_such_schedule(const std::string& name)
{
    return Error(ErrorCode::not_found, "there is no schedule '" + name + "'");
}

ScheduleCreate description_of(const Schedule& schedule)
{
    ScheduleCreate description;
    description.name = schedule.name;
    description.definition = schedule.definition;
    description.definition_version = schedule.definition_version;
    description.cron = schedule.cron;
    description.time_zone = schedule.time_zone;
    description.input = schedule.input;
    description.overlap = schedule.overlap;
    description.catch_up_window = schedule.catch_up_window;
    description.is_paused = schedule.is_paused;
    description.owner = schedule.owner;
    description.attributes = schedule.attributes;
    description.metadata = schedule.metadata;
    return description;
}

ScheduleRepository::ScheduleRepository(storage::Pool& pool) : pool_(pool)
{
}

core::Task<ScheduleRepository::Created> ScheduleRepository::create(telemetry::Context context,
                                                                   ScheduleCreate request,
                                                                   std::optional<storage::IdempotencyKey> key)
{
    auto body = [this, request, key, id = core::Id::generate()](storage::Transaction& transaction) {
        if (!storage::claim_idempotency_key(transaction, key, id)) {
            const auto next = check_schedule(transaction, catalog_, request);
            return Created{insert(transaction, id, request, next), false};
        }
        auto known = first_of(transaction.exec(sql::find_schedule_by_request_key, key->key));
        if (!known)
            throw Error(ErrorCode::conflict,
                        "the schedule of this Idempotency-Key was created and has been deleted");
        return Created{std::move(*known), true};
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::optional<Schedule>> ScheduleRepository::get(telemetry::Context context, std::string name)
{
    const auto rows = co_await pool_.query(std::move(context), sql::get_schedule, name);
    co_return first_of(rows);
}

core::Task<std::vector<Schedule>> ScheduleRepository::list(telemetry::Context context, core::Id before,
                                                           std::int64_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), sql::list_schedules, before, limit);
    std::vector<Schedule> schedules;
    for (const auto row : rows)
        schedules.push_back(schedule_of(row));
    co_return schedules;
}

core::Task<Schedule> ScheduleRepository::update(telemetry::Context context, std::string name, Change change,
                                                std::optional<storage::IdempotencyKey> key)
{
    auto body = [this, name, change = std::move(change), key](storage::Transaction& transaction) {
        const auto present = first_of(transaction.exec(sql::lock_schedule, name));
        const auto id = present ? present->id : core::Id();
        if (const auto known = storage::claim_idempotency_key(transaction, key, id))
            return changed_before(transaction, name, *known);
        if (!present) throw no_such_schedule(name);
        const auto after = change(*present);
        if (after == description_of(*present)) return *present;
        const auto next = check_schedule(transaction, catalog_, after);
        return save(transaction, *present, after, next);
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<Schedule> ScheduleRepository::remove(telemetry::Context context, std::string name, Check check,
                                                std::optional<storage::IdempotencyKey> key)
{
    auto body = [name, check = std::move(check), key](storage::Transaction& transaction) {
        const auto present = first_of(transaction.exec(sql::lock_schedule, name));
        const auto id = present ? present->id : core::Id();
        if (const auto known = storage::claim_idempotency_key(transaction, key, id))
            return changed_before(transaction, name, *known);
        if (!present) throw no_such_schedule(name);
        check(*present);
        transaction.exec(sql::drop_waiting_starts, present->id);
        return schedule_of(transaction.exec(sql::delete_schedule, present->id).one());
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::optional<ScheduleRepository::Triggered>> ScheduleRepository::trigger(
    telemetry::Context context, std::string name, std::optional<storage::IdempotencyKey> key)
{
    auto body = [name, key,
                 run = core::Id::generate()](storage::Transaction& transaction) -> std::optional<Triggered> {
        const auto schedule = first_of(transaction.exec(sql::lock_schedule, name));
        if (!schedule) return std::nullopt;
        if (const auto known = storage::claim_idempotency_key(transaction, key, run))
            return Triggered{*known, true};
        const std::vector<core::Id> runs{run};
        const std::vector<core::Id> schedules{schedule->id};
        transaction.exec(sql::save_schedule_starts, array_of(runs), array_of(schedules),
                         array_of(std::vector<core::Timestamp>{core::now()}),
                         array_of(std::vector<bool>{true}), array_of(std::vector<bool>{false}));
        return Triggered{run, false};
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::vector<ScheduleStart>> ScheduleRepository::find_starts(telemetry::Context context,
                                                                       std::vector<core::Id> runs,
                                                                       std::size_t limit)
{
    const auto rows =
        co_await pool_.query(std::move(context), sql::find_schedule_starts, array_of(runs), limit);
    std::vector<ScheduleStart> starts;
    for (const auto row : rows)
        starts.push_back(start_of(row));
    co_return starts;
}

core::Task<bool> ScheduleRepository::finish_start(telemetry::Context context, core::Id run)
{
    const auto rows = co_await pool_.execute(std::move(context), sql::finish_schedule_start, run);
    co_return !rows.empty();
}

core::Task<bool> ScheduleRepository::drop_start(telemetry::Context context, core::Id run)
{
    const auto rows = co_await pool_.execute(std::move(context), sql::drop_schedule_start, run);
    co_return !rows.empty();
}

core::Task<void> ScheduleRepository::release_key(telemetry::Context context, storage::IdempotencyKey key)
{
    auto body = [key = std::move(key)](storage::Transaction& transaction) {
        storage::release_idempotency_key(transaction, key);
        return true;
    };
    co_await pool_.transact(std::move(context), std::move(body));
}

}  // namespace lintel::workflows
