#pragma once

#include "engine_fixture.hpp"
#include "schedule_service.hpp"
#include "scheduler.hpp"

namespace lintel::workflows {

/// A worker process that also sees to schedules.
struct ScheduledReplica : Replica {
    explicit ScheduledReplica(World& of) : Replica(of)
    {
        engine.on_schedule([this](core::Timestamp due) { scheduler.expect(due); });
    }
    ~ScheduledReplica()
    {
        is_running = false;
        REQUIRE(testing::eventually(10s, [this] { return ticks_ended.load(); }));
        core::sync_wait(scheduler.stop(core::Deadline::after(10s)));
    }

    contracts::ScheduleCreated create(const json& request, const std::string& key = {})
    {
        return core::sync_wait(schedules.create(soon(), contracts::parse_schedule_create(request), key));
    }
    contracts::Schedule show(const std::string& name) { return core::sync_wait(schedules.get(soon(), name)); }
    contracts::Schedule patch(const std::string& name, const json& patch,
                              std::optional<std::vector<std::int64_t>> versions = {},
                              const std::string& key = {})
    {
        contracts::ScheduleUpdate request{name, core::dump_json(patch), std::move(versions)};
        return core::sync_wait(schedules.update(soon(), std::move(request), key));
    }
    contracts::Schedule remove(const std::string& name,
                               std::optional<std::vector<std::int64_t>> versions = {},
                               const std::string& key = {})
    {
        return core::sync_wait(schedules.remove(soon(), {name, std::move(versions)}, key));
    }
    contracts::WorkflowStarted trigger(const std::string& name, const std::string& key = {})
    {
        return core::sync_wait(schedules.trigger(soon(), name, key));
    }
    /// What one replica has counted.
    bool counts(const std::string& outcome, int count)
    {
        return metrics.render().find("lintel_workflow_schedule_starts_total{outcome=\"" + outcome + "\"} " +
                                     std::to_string(count) + "\n") != std::string::npos;
    }

    ScheduleRepository schedule_repository{pool};
    Scheduler scheduler{threads.executor(), engine, schedule_repository, repository, metrics};
    ScheduleService schedules{schedule_repository, repository, scheduler, {}};
};

inline json schedule(const std::string& name, const std::string& definition,
                     const json& more = json::object())
{
    json request = {{"name", name}, {"definition", definition}, {"cron", "0 0 1 1 *"}};
    request.update(more);
    return request;
}

/// Cron's resolution is a minute, so tests let the time come.
inline void comes_due(const World& world, const std::string& name, const std::string& ago = "0 seconds")
{
    world.database.query("UPDATE schedules SET next_at = clock_timestamp() - interval '" + ago +
                         "' WHERE name = '" + name + "' AND deleted_at IS NULL");
}

inline std::string runs(const World& world, const std::string& where = "true")
{
    return world.database.query("SELECT count(*) FROM workflows WHERE " + where);
}

/// Nothing is due or owed any more.
inline bool is_settled(const World& world)
{
    return world.database.query(
               "SELECT NOT EXISTS (SELECT FROM schedules WHERE next_at <= clock_timestamp()) AND "
               "NOT EXISTS (SELECT FROM schedule_starts WHERE NOT waits)") == "t";
}

/// The faults of what is refused, and with what code.
struct Refusal {
    core::ErrorCode code{};
    std::vector<core::FieldError> fields;

    std::string pointers() const
    {
        std::string all;
        for (const auto& field : fields)
            all += field.pointer + ' ';
        return all;
    }
};

template <typename Call>
Refusal refusal(Call call)
{
    try {
        call();
    } catch (const core::Error& error) {
        return {error.code(), error.fields()};
    }
    FAIL("was not refused");
    return {};
}

/// Waits for a signal, so that it stays under way.
inline json waiting(const std::string& name)
{
    return definition(name, {{{"name", "wait"}, {"signal", {{"name", "go"}}}}});
}

inline std::string state(const World& world, const std::string& columns, const std::string& name = "s")
{
    return world.database.query("SELECT " + columns + " FROM schedules WHERE name = '" + name + "'");
}

/// Lets the time come and waits until somebody has used it.
inline void passes(const World& world, const std::string& name = "s", const std::string& ago = "0 seconds")
{
    comes_due(world, name, ago);
    REQUIRE(testing::eventually(20s, [&] { return is_settled(world); }));
}

/// What a replica takes that looks now.
inline std::vector<TakenTick> take(ScheduledReplica& replica)
{
    const auto body = [](storage::Transaction& transaction) { return take_due_ticks(transaction, 10); };
    return core::sync_wait(replica.pool.transact(soon(), body));
}

/// Starts the schedule's workflow once and gives its id.
inline core::Id first_run(ScheduledReplica& replica)
{
    passes(replica.world);
    const auto last = replica.show("s").last_workflow_id;
    REQUIRE(last);
    REQUIRE(replica.comes_to(*last, contracts::WorkflowStatus::waiting));
    return *last;
}

}  // namespace lintel::workflows
