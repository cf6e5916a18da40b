#include "lintel/service/host.hpp"
#include "lintel/workflows/sql/migrations.hpp"
#include "workflow_endpoints.hpp"

namespace lintel::workflows {

class Workflows {
public:
    struct Options {
        WorkflowService::Options workflows;
        std::chrono::milliseconds purge_interval = std::chrono::minutes(10);

        void declare(service::Settings& settings)
        {
            settings.add("WORKFLOW_KEY_TTL", workflows.key_ttl, "How long an Idempotency-Key is remembered.");
            settings.add("PURGE_INTERVAL", purge_interval, "How often expired keys are removed.");
        }
    };

    Workflows(service::Host& host, const Options& options)
        : repository_(host.database()), workflows_(repository_, with_pages(options.workflows, host))
    {
        add_workflow_endpoints(host.endpoints(), workflows_);
        host.every(options.purge_interval, "purge keys",
                   [this](telemetry::Context context) { return workflows_.purge_keys(std::move(context)); });
    }

private:
    static WorkflowService::Options with_pages(WorkflowService::Options options, const service::Host& host)
    {
        options.pages = host.settings().pages;
        return options;
    }

    WorkflowRepository repository_;
    WorkflowService workflows_;
};

}  // namespace lintel::workflows

int main(int argc, char** argv)
{
    using namespace lintel;
    return service::run<workflows::Workflows>(argc, argv,
                                              {.name = "workflows",
                                               .description = "workflows about buildings",
                                               .migrations = workflows::sql::all_migrations,
                                               .ops_port = 9101});
}
