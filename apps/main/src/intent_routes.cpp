#include "intent_routes.hpp"

#include "lintel/contracts/deliveries_endpoints.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"
#include "lintel/contracts/main_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/service/intent_endpoints.hpp"
#include "request_parts.hpp"

namespace lintel::main {
namespace {

using contracts::Intent;
using contracts::IntentList;
using contracts::IntentPage;
using contracts::IntentService;
using core::Task;
using http::Request;
using http::Response;

/// Intents, whoever has promised them: main looks itself, so that it can do so while nobody else answers.
class Intents {
public:
    Intents(Workers workers, service::IntentRelay& relay, core::PageLimits pages)
        : workers_(workers), relay_(&relay), pages_(pages)
    {
    }

    Task<IntentPage> list(IntentService service, telemetry::Context context, IntentList asked) const
    {
        switch (service) {
            case IntentService::main:
                return service::list_intents<contracts::MainIntentsList>(*relay_, pages_, std::move(context),
                                                                         std::move(asked));
            case IntentService::inventory:
                return workers_.read_page<contracts::InventoryIntentsList>(std::move(context),
                                                                           std::move(asked));
            case IntentService::deliveries:
                return workers_.read_page<contracts::DeliveriesIntentsList>(std::move(context),
                                                                            std::move(asked));
        }
        throw unknown();
    }

    Task<Intent> retry(IntentService service, telemetry::Context context, core::Id id) const
    {
        const contracts::IntentRetry asked{id};
        switch (service) {
            case IntentService::main:
                return service::retry_intent<contracts::MainIntentsRetry>(*relay_, std::move(context), id);
            case IntentService::inventory:
                return workers_.repeat<contracts::InventoryIntentsRetry>(std::move(context), asked);
            case IntentService::deliveries:
                return workers_.repeat<contracts::DeliveriesIntentsRetry>(std::move(context), asked);
        }
        throw unknown();
    }

private:
    static core::Error unknown()
    {
        return core::Error(core::ErrorCode::internal, "nobody is asked for the intents of this service");
    }

    Workers workers_;
    service::IntentRelay* relay_;
    core::PageLimits pages_;
};

Task<Response> list(const Intents& intents, Request request)
{
    const auto asked = contracts::parse_service_intent_list_query(request.query.parameters());
    const IntentList filter = asked;
    const auto page = co_await intents.list(asked.service, request.context, filter);
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> retry(const Intents& intents, Request request)
{
    const auto whose = contracts::parse_intent_owner_query(request.query.parameters());
    // Checked and not needed: trying again twice is trying again.
    idempotency_key(request);
    const auto id = path_id(request, "intent");
    const auto intent = co_await intents.retry(whose.service, request.context, id);
    co_return Response::json(200, contracts::to_json(intent));
}

}  // namespace

void add_intent_routes(http::Router& routes, Workers workers, service::IntentRelay& relay,
                       core::PageLimits pages)
{
    const Intents intents(workers, relay, pages);
    routes.add(http::Method::get, "/v1/intents",
               [intents](Request request) { return list(intents, std::move(request)); });
    routes.add(http::Method::post, "/v1/intents/{id}/retry",
               [intents](Request request) { return retry(intents, std::move(request)); });
}

}  // namespace lintel::main
