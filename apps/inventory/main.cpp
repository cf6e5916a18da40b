#include "hold_endpoints.hpp"
#include "hold_expiry.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/inventory/sql/migrations.hpp"
#include "lintel/service/host.hpp"
#include "lintel/service/intent_endpoints.hpp"
#include "pick_endpoints.hpp"
#include "product_endpoints.hpp"
#include "stock_endpoints.hpp"

namespace lintel::inventory {

class Inventory {
public:
    struct Options {
        std::chrono::milliseconds hold_ttl = std::chrono::minutes(15);
        std::chrono::milliseconds hold_poll = std::chrono::seconds(5);
        /// As long as workflows remember: a step may be repeated so late.
        std::chrono::milliseconds key_ttl = std::chrono::hours(720);
        std::chrono::milliseconds purge_interval = std::chrono::minutes(10);
        storage::OutboxOptions outbox;

        void declare(service::Settings& settings)
        {
            settings.add("HOLD_TTL", hold_ttl, "How long stock is held that does not say how long.",
                         std::chrono::seconds(1));
            settings.add("HOLD_POLL", hold_poll, "How often expired holds are looked for.",
                         std::chrono::milliseconds(10));
            settings.add("STEP_KEY_TTL", key_ttl,
                         "How long an Idempotency-Key is remembered; a step may be repeated so late.");
            settings.add("PURGE_INTERVAL", purge_interval, "How often expired keys are removed.");
            service::declare_intent_settings(settings, outbox);
        }
    };

    Inventory(service::Host& host, const Options& options)
        : product_repository_(host.database()),
          stock_repository_(host.database()),
          hold_repository_(host.database()),
          pick_repository_(host.database()),
          hold_commands_(host.database()),
          expiry_(hold_repository_),
          relay_(host, options.outbox, {service::IntentRelay::peer<contracts::WorkflowsSignal>()},
                 service::IntentRelay::conflict_is_an_answer),
          products_(product_repository_, {.key_ttl = options.key_ttl, .pages = host.settings().pages}),
          stock_(stock_repository_, {.key_ttl = options.key_ttl, .pages = host.settings().pages}),
          holds_(hold_repository_, hold_commands_,
                 {.hold_ttl = options.hold_ttl, .key_ttl = options.key_ttl, .pages = host.settings().pages}),
          picks_(pick_repository_, {.key_ttl = options.key_ttl,
                                    .pages = host.settings().pages,
                                    .promised = [this] { relay_.wake(); }})
    {
        add_product_endpoints(host.endpoints(), products_);
        add_stock_endpoints(host.endpoints(), stock_);
        add_hold_endpoints(host.endpoints(), holds_);
        add_pick_endpoints(host.endpoints(), picks_);
        service::serve_intents<contracts::InventoryIntentsList, contracts::InventoryIntentsRetry>(host,
                                                                                                  relay_);
        host.every(options.hold_poll, "let holds expire",
                   [this](telemetry::Context context) { return expiry_.run(std::move(context)); });
        host.every(options.purge_interval, "purge keys", [&host](telemetry::Context context) {
            return storage::purge_idempotency_keys(host.database(), std::move(context));
        });
    }

private:
    ProductRepository product_repository_;
    StockRepository stock_repository_;
    HoldRepository hold_repository_;
    PickRepository pick_repository_;
    HoldCommands hold_commands_;
    HoldExpiry expiry_;
    service::IntentRelay relay_;
    ProductService products_;
    StockService stock_;
    HoldService holds_;
    PickService picks_;
};

}  // namespace lintel::inventory

int main(int argc, char** argv)
{
    using namespace lintel;
    return service::run<inventory::Inventory>(argc, argv,
                                              {.name = "inventory",
                                               .description = "products, stock, holds and pick lists",
                                               .migrations = inventory::sql::all_migrations,
                                               .ops_port = 9201});
}
