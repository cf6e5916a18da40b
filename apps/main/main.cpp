#include "building_routes.hpp"
#include "intent_routes.hpp"
#include "lintel/contracts/main_endpoints.hpp"
#include "lintel/contracts/openapi.hpp"
#include "lintel/main/sql/migrations.hpp"
#include "lintel/service/host.hpp"
#include "workflow_routes.hpp"

namespace lintel::main {

class Main {
public:
    struct Options {
        BuildingService::Options buildings;
        Onboarding::Options onboarding;
        storage::OutboxOptions outbox;
        std::chrono::milliseconds purge_interval = std::chrono::minutes(10);

        void declare(service::Settings& settings)
        {
            settings.add("IDEMPOTENCY_TTL", buildings.key_ttl, "How long an Idempotency-Key is remembered.");
            settings.add("START_DEADLINE", onboarding.start_deadline,
                         "How long a request waits for a worker.");
            settings.add("START_HEDGE", onboarding.hedge_after,
                         "When the workers are asked a second time; 0s for never.");
            settings.add("INTENT_CONCURRENCY", outbox.concurrency, "Intents delivered at once by the relay.");
            settings.add("INTENT_POLL", outbox.poll_interval, "How often an idle relay looks for intents.");
            settings.add("PURGE_INTERVAL", purge_interval, "How often expired keys are removed.");
        }
    };

    Main(service::Host& host, const Options& options)
        : onboarding_(host.client(), host.database(), options.onboarding, options.outbox),
          building_repository_(host.database()),
          intents_(host.database()),
          buildings_(building_repository_, onboarding_, options.buildings)
    {
        add_building_routes(host.routes(), buildings_);
        add_workflow_routes(host.routes(), host.client(), buildings_);
        add_intent_routes(host.routes(), intents_, onboarding_);
        add_openapi_route(host.routes());
        host.endpoints().serve<contracts::BuildingsGet>(
            [this](const messaging::Request& request, contracts::BuildingGet get) {
                return buildings_.get(request.context, get.id);
            });

        onboarding_.start_relay();
        host.on_stop([this](core::Deadline deadline) { return onboarding_.stop_relay(deadline); });
        host.every(options.purge_interval, "purge keys",
                   [this](telemetry::Context context) { return buildings_.purge_keys(std::move(context)); });
    }

private:
    static void add_openapi_route(http::Router& routes)
    {
        const auto show = [](http::Request) -> core::Task<http::Response> {
            co_return http::Response::json(200, std::string(contracts::openapi_json()));
        };
        routes.add(http::Method::get, "/openapi.json", show,
                   {.is_public = true, .is_exempt_from_overload = false});
    }

    Onboarding onboarding_;
    BuildingRepository building_repository_;
    IntentRepository intents_;
    BuildingService buildings_;
};

}  // namespace lintel::main

int main(int argc, char** argv)
{
    using namespace lintel;
    return service::run<lintel::main::Main>(argc, argv,
                                            {.name = "main",
                                             .description = "buildings and their workflows over REST",
                                             .migrations = lintel::main::sql::all_migrations,
                                             .ops_port = 9080,
                                             .serves_rest = true});
}
