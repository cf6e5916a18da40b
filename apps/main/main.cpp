#include "account_routes.hpp"
#include "building_routes.hpp"
#include "contact_info_routes.hpp"
#include "customer_routes.hpp"
#include "dead_letter_routes.hpp"
#include "definition_routes.hpp"
#include "delivery_routes.hpp"
#include "hold_routes.hpp"
#include "intent_routes.hpp"
#include "lintel/contracts/main_endpoints.hpp"
#include "lintel/contracts/openapi.hpp"
#include "lintel/main/sql/migrations.hpp"
#include "lintel/service/host.hpp"
#include "lintel/service/intent_endpoints.hpp"
#include "lintel/storage/idempotency.hpp"
#include "order_routes.hpp"
#include "pick_routes.hpp"
#include "product_routes.hpp"
#include "refused_promises.hpp"
#include "schedule_routes.hpp"
#include "stock_routes.hpp"
#include "transfer_routes.hpp"
#include "workflow_action_routes.hpp"
#include "workflow_routes.hpp"

namespace lintel::main {

class Main {
public:
    struct Options {
        BuildingService::Options buildings;
        WorkflowStarts::Options starts;
        OrderService::Options orders;
        OrderTimelines::Options timelines;
        WorkerCalls calls;
        ResultWaits::Options results;
        storage::OutboxOptions outbox;
        std::chrono::milliseconds purge_interval = std::chrono::minutes(10);

        void declare(service::Settings& settings)
        {
            settings.add("IDEMPOTENCY_TTL", buildings.key_ttl, "How long an Idempotency-Key is remembered.");
            settings.add("START_DEADLINE", starts.start_deadline, "How long a request waits for a worker.");
            settings.add("START_HEDGE", starts.hedge_after,
                         "When the workers are asked a second time; 0s for never.");
            settings.add("READ_HEDGE", calls.reads.after,
                         "When a read asks the workers once more; 0s for never.");
            settings.add("READ_HEDGES", calls.reads.times, "How often it does, each time after READ_HEDGE.",
                         0);
            settings.add("CHANGE_HEDGE", calls.changes.after,
                         "When a change asks the workers once more, under the same key; 0s for never.");
            settings.add("CHANGE_HEDGES", calls.changes.times,
                         "How often it does, each time after CHANGE_HEDGE.", 0);
            settings.add("ORDER_WAIT_MAX", orders.wait_max,
                         "The longest that Prefer: wait=N lets a new order wait for its decision.");
            settings.add("ORDER_WAIT_POLL", orders.wait_poll,
                         "How often the decisions that another process may take are looked for meanwhile.",
                         service::Settings::kShortest);
            settings.add("RESULT_WAIT", results.longest,
                         "The longest that a caller may wait for a workflow's result.");
            settings.add("TIMELINE_PATIENCE", timelines.patience,
                         "How long the services that know of an order are waited for.",
                         service::Settings::kShortest);
            service::declare_intent_settings(settings, outbox);
            settings.add("PURGE_INTERVAL", purge_interval, "How often expired keys are removed.");
        }

        /// Keys are remembered equally long, whatever they were used for.
        OrderService::Options for_orders() const
        {
            auto same = orders;
            same.key_ttl = buildings.key_ttl;
            return same;
        }
    };

    Main(service::Host& host, const Options& options)
        : order_repository_(host.database()),
          order_changes_(host.database()),
          refused_(order_repository_, order_changes_),
          relay_(host, options.outbox, promised_peers(),
                 [this](telemetry::Context context, storage::Intent intent, core::Error error) {
                     return refused_.judge(std::move(context), std::move(intent), std::move(error));
                 }),
          workflows_(
              host.client(), options.starts,
              {[this](const core::Id& intent) { relay_.close_later(intent); }, [this] { relay_.wake(); }}),
          building_repository_(host.database()),
          buildings_(building_repository_, workflows_, with_pages(options.buildings, host)),
          orders_(order_repository_, order_changes_, building_repository_, workflows_,
                  Workers(host.client(), with_pages(options.calls, host)), host.executor(),
                  with_pages(options.for_orders(), host)),
          timelines_(order_repository_, host.client(), host.executor(), options.timelines),
          results_({host.client(), options.calls}, host.executor(), options.results)
    {
        add_building_routes(host.routes(), buildings_);
        add_order_routes(host.routes(), orders_, timelines_);
        const Workers workers(host.client(), with_pages(options.calls, host));
        add_worker_routes(host.routes(), workers);
        add_intent_routes(host.routes(), workers, relay_, host.settings().pages);
        service::serve_intents<contracts::MainIntentsList, contracts::MainIntentsRetry>(host, relay_);
        add_openapi_route(host.routes());
        add_endpoints(host.endpoints());
        host.on_drain([this] {
            orders_.end_waits();
            results_.end();
        });
        host.every(options.purge_interval, "purge keys",
                   [&database = host.database()](telemetry::Context context) {
                       return storage::purge_idempotency_keys(database, std::move(context));
                   });
    }

private:
    /// What serves lists has the limits of all lists.
    template <typename Options>
    static Options with_pages(Options options, const service::Host& host)
    {
        options.pages = host.settings().pages;
        return options;
    }

    void add_worker_routes(http::Router& routes, const Workers& workers)
    {
        add_account_routes(routes, workers);
        add_transfer_routes(routes, workers);
        add_workflow_routes(routes, workers, buildings_, results_);
        add_workflow_action_routes(routes, workers);
        add_definition_routes(routes, workers);
        add_dead_letter_routes(routes, workers);
        add_schedule_routes(routes, workers);
        add_customer_routes(routes, workers);
        add_contact_info_routes(routes, workers);
        add_delivery_routes(routes, workers);
        add_product_routes(routes, workers);
        add_stock_routes(routes, workers);
        add_hold_routes(routes, workers);
        add_pick_routes(routes, workers);
    }

    void add_endpoints(messaging::Service& endpoints)
    {
        endpoints.serve<contracts::BuildingsGet>(
            [this](const messaging::Request& request, contracts::BuildingGet get) {
                return buildings_.get(request.context, get.id);
            });
        endpoints.serve<contracts::OrdersGet>(
            [this](const messaging::Request& request, contracts::OrderGet get) {
                return orders_.get(request.context, get.id);
            });
        endpoints.serve<contracts::OrdersTransition>(
            [this](const messaging::Request& request, contracts::OrderTransition transition) {
                return orders_.transition(request.context, std::move(transition), request.idempotency_key);
            });
    }

    static void add_openapi_route(http::Router& routes)
    {
        const auto show = [](http::Request) -> core::Task<http::Response> {
            co_return http::Response::json(200, std::string(contracts::openapi_json()));
        };
        routes.add(http::Method::get, "/openapi.json", show,
                   {.is_public = true, .is_exempt_from_overload = false});
    }

    OrderRepository order_repository_;
    OrderChanges order_changes_;
    RefusedPromises refused_;
    service::IntentRelay relay_;
    WorkflowStarts workflows_;
    BuildingRepository building_repository_;
    BuildingService buildings_;
    OrderService orders_;
    OrderTimelines timelines_;
    ResultWaits results_;
};

}  // namespace lintel::main

int main(int argc, char** argv)
{
    using namespace lintel;
    return service::run<lintel::main::Main>(argc, argv,
                                            {.name = "main",
                                             .description = "buildings, orders and their workflows over REST",
                                             .migrations = lintel::main::sql::all_migrations,
                                             .ops_port = 9080,
                                             .serves_rest = true});
}
