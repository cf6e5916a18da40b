#include "delivery_endpoints.hpp"
#include "lintel/contracts/deliveries_endpoints.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/deliveries/sql/migrations.hpp"
#include "lintel/service/host.hpp"
#include "lintel/service/intent_endpoints.hpp"
#include "lintel/storage/idempotency.hpp"

namespace lintel::deliveries {

class Deliveries {
public:
    struct Options {
        /// As long as workflows remember: a step may be repeated so late.
        std::chrono::milliseconds key_ttl = std::chrono::hours(720);
        std::chrono::milliseconds purge_interval = std::chrono::minutes(10);
        storage::OutboxOptions outbox;

        void declare(service::Settings& settings)
        {
            settings.add("STEP_KEY_TTL", key_ttl,
                         "How long an Idempotency-Key is remembered; a step may be repeated so late.");
            settings.add("PURGE_INTERVAL", purge_interval, "How often expired keys are removed.");
            service::declare_intent_settings(settings, outbox);
        }
    };

    Deliveries(service::Host& host, const Options& options)
        : repository_(host.database()),
          relay_(host, options.outbox, {service::IntentRelay::peer<contracts::WorkflowsSignal>()},
                 service::IntentRelay::conflict_is_an_answer),
          deliveries_(repository_, {.key_ttl = options.key_ttl,
                                    .pages = host.settings().pages,
                                    .promised = [this] { relay_.wake(); }})
    {
        add_delivery_endpoints(host.endpoints(), deliveries_);
        service::serve_intents<contracts::DeliveriesIntentsList, contracts::DeliveriesIntentsRetry>(host,
                                                                                                    relay_);
        host.every(options.purge_interval, "purge keys",
                   [&database = host.database()](telemetry::Context context) {
                       return storage::purge_idempotency_keys(database, std::move(context));
                   });
    }

private:
    DeliveryRepository repository_;
    service::IntentRelay relay_;
    DeliveryService deliveries_;
};

}  // namespace lintel::deliveries

int main(int argc, char** argv)
{
    using namespace lintel;
    return service::run<deliveries::Deliveries>(argc, argv,
                                                {.name = "deliveries",
                                                 .description = "the way of orders to their customers",
                                                 .migrations = deliveries::sql::all_migrations,
                                                 .ops_port = 9501});
}
