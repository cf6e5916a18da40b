#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine.hpp"
#include "schedule_repository.hpp"
#include "schedule_ticks.hpp"
#include "workflow_repository.hpp"

namespace lintel::workflows {

/// Starts workflows at the times of schedules, each time once, whichever of the replicas sees to it: the time
/// is taken, and the start noted, in one transaction; then the start is made under the id that was noted, as
/// often as it takes. Thread-safe. Must be stopped before the engine is.
class Scheduler {
public:
    Scheduler(core::Executor& executor, Engine& engine, ScheduleRepository& schedules,
              WorkflowRepository& workflows, telemetry::Metrics& metrics);

    /// Something is to be done at `due`, by the database's clock. If that is soon it will be, at that moment;
    /// otherwise the poll will ask again.
    void expect(core::Timestamp due);
    /// Makes a start that has just been noted. Errors: those of the definition and of Engine::start();
    /// `deadline_exceeded` when it will be made later.
    core::Task<void> make(telemetry::Context context, core::Id run);
    core::Task<void> stop(core::Deadline deadline);

private:
    void begin_round();
    core::Task<void> round(core::Gate::Pass pass);
    core::Task<std::vector<TakenTick>> take_ticks();
    struct Count;
    core::Task<void> make_all(std::vector<ScheduleStart> starts);
    core::Task<void> make_counted(ScheduleStart start, std::shared_ptr<Count> count);
    core::Task<void> make_one(telemetry::Context context, ScheduleStart start);
    core::Task<bool> end_other(telemetry::Context context, const ScheduleStart& start);
    core::Task<void> start_run(telemetry::Context context, const ScheduleStart& start);
    core::Task<void> give_up(telemetry::Context context, const ScheduleStart& start, const core::Error& why);
    void tell(const TakenTick& taken);

    core::Executor& executor_;
    Engine& engine_;
    ScheduleRepository& schedules_;
    WorkflowRepository& workflows_;
    std::map<std::string_view, telemetry::Counter> outcomes_;
    /// What runs on the executor on behalf of this.
    core::Gate work_{1U << 20U};
    std::atomic<bool> is_running_{false};

    std::mutex mutex_;
    std::optional<core::Timestamp> expected_;
    core::TimerHandle timer_;
};

}  // namespace lintel::workflows
