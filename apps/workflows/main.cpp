#include "housekeeping.hpp"
#include "lintel/service/host.hpp"
#include "lintel/telemetry/log.hpp"
#include "lintel/workflows/sql/migrations.hpp"
#include "schedule_endpoints.hpp"
#include "workflow_endpoints.hpp"

namespace lintel::workflows {

class Workflows {
public:
    struct Options {
        WorkflowService::Options workflows;
        Engine::Options engine;
        Housekeeping::Options housekeeping;
        std::chrono::milliseconds purge_interval = std::chrono::minutes(10);

        void declare(service::Settings& settings)
        {
            settings.add("STEP_CONCURRENCY", engine.concurrency, "Steps that this replica works on at once.");
            settings.add("STEP_LEASE", engine.session.lease, "How long the others wait for a silent worker.");
            settings.add("STEP_POLL", engine.poll_interval, "How often an idle replica looks for work.");
            settings.add("STEP_LEASE_LOSSES", engine.limits.lease_losses,
                         "Leases that a step may lose before it becomes a dead letter.");
            settings.add("STEP_RETRYING_AFTER", engine.retrying_after,
                         "Failed attempts after which a step that is tried again is counted and listed.",
                         std::int64_t{1});
            settings.add("FOR_EACH_ITEMS", engine.limits.items, "Elements that a forEach step may have.");
            settings.add("SIGNALS_WAITING", engine.limits.signals,
                         "Signals that a workflow may have waiting.");
            settings.add("RESULT_WAIT", workflows.longest_wait,
                         "The longest that a caller may wait for a result.");
            settings.add("WORKFLOW_KEY_TTL", workflows.key_ttl,
                         "How long an Idempotency-Key or a key is remembered; no shorter than main does.");
            settings.add("WORKFLOW_RETENTION", housekeeping.retention,
                         "How long a workflow is kept after its end.");
            settings.add("PURGE_INTERVAL", purge_interval, "How often what is too old is removed.");
        }
    };

    Workflows(service::Host& host, const Options& options)
        : repository_(host.database()),
          engine_(host.executor(), host.database(), host.client(), host.metrics(),
                  engine_options(options, host)),
          workflows_(repository_, engine_, host.executor(), with_pages(options.workflows, host)),
          actions_(repository_, engine_,
                   {.pages = host.settings().pages, .retrying_after = options.engine.retrying_after}),
          definitions_(host.database(), {.pages = host.settings().pages}),
          schedule_repository_(host.database()),
          scheduler_(host.executor(), engine_, schedule_repository_, repository_, host.metrics()),
          schedules_(schedule_repository_, repository_, scheduler_, {.pages = host.settings().pages}),
          housekeeping_(host.database(), with_keys(options))
    {
        add_workflow_endpoints(host.endpoints(), workflows_);
        add_action_endpoints(host.endpoints(), actions_);
        add_definition_endpoints(host.endpoints(), definitions_);
        add_schedule_endpoints(host.endpoints(), schedules_);
        add_wake_endpoint(host.endpoints(), engine_);
        engine_.on_schedule([this](core::Timestamp due) { scheduler_.expect(due); });

        core::spawn(begin());
        host.every(options.engine.session.renewal, "renew the lease",
                   [this](telemetry::Context context) { return engine_.renew(patient(context)); });
        host.every(options.engine.poll_interval, "look for work",
                   [this](telemetry::Context context) { return engine_.poll(patient(context)); });
        host.every(options.purge_interval, "remove what is too old",
                   [this](telemetry::Context context) { return housekeeping_.run(std::move(context)); });
        host.on_drain([this] { workflows_.end_waits(); });
        host.on_stop([this](core::Deadline deadline) { return engine_.stop(deadline); });
        host.on_stop([this](core::Deadline deadline) { return scheduler_.stop(deadline); });
    }

private:
    /// What need not wait for the first interval. What fails here is done by those that come every interval.
    core::Task<void> begin()
    {
        try {
            co_await engine_.renew(telemetry::Context::start(std::chrono::seconds(5)));
            co_await definitions_.install_shipped(telemetry::Context::start(std::chrono::seconds(5)));
        } catch (const core::Error& error) {
            telemetry::log(telemetry::LogLevel::info, "the engine begins later", {{"why", error.what()}});
        }
    }

    /// A busy database may take longer than the interval.
    static telemetry::Context patient(const telemetry::Context& context)
    {
        return {context.trace, core::Deadline::after(std::chrono::seconds(5))};
    }

    static WorkflowService::Options with_pages(WorkflowService::Options options, const service::Host& host)
    {
        options.pages = host.settings().pages;
        return options;
    }

    static Housekeeping::Options with_keys(const Options& options)
    {
        auto housekeeping = options.housekeeping;
        housekeeping.key_ttl = options.workflows.key_ttl;
        return housekeeping;
    }

    static Engine::Options engine_options(const Options& options, const service::Host& host)
    {
        auto engine = options.engine;
        engine.session.replica = host.settings().replica;
        return engine;
    }

    WorkflowRepository repository_;
    Engine engine_;
    WorkflowService workflows_;
    WorkflowActions actions_;
    DefinitionService definitions_;
    ScheduleRepository schedule_repository_;
    Scheduler scheduler_;
    ScheduleService schedules_;
    Housekeeping housekeeping_;
};

}  // namespace lintel::workflows

int main(int argc, char** argv)
{
    using namespace lintel;
    return service::run<workflows::Workflows>(argc, argv,
                                              {.name = "workflows",
                                               .description = "durable workflows",
                                               .migrations = workflows::sql::all_migrations,
                                               .ops_port = 9101});
}
