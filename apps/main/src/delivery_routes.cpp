#include "delivery_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/deliveries_endpoints.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

core::Id delivery_id(const Request& request)
{
    return path_id(request, "delivery");
}

Task<Response> get(const Workers& workers, Request request)
{
    const contracts::DeliveryGet asked{delivery_id(request)};
    return forward_get<contracts::DeliveriesGet>(workers, std::move(request), asked);
}

Task<Response> dispatch(const Workers& workers, Request request)
{
    request.query.require_known({});
    auto body = contracts::parse_dispatch_body(optional_json_body(request));
    contracts::DeliveryDispatch asked;
    asked.id = delivery_id(request);
    asked.carrier = std::move(body.carrier);
    asked.carrier_reference = std::move(body.carrier_reference);
    co_return changed_to<contracts::Delivery>(
        co_await workers.change<contracts::DeliveriesDispatch>(request, asked));
}

Task<Response> deliver(const Workers& workers, Request request)
{
    request.query.require_known({});
    auto body = contracts::parse_handover_body(optional_json_body(request));
    contracts::DeliveryDeliver asked;
    asked.id = delivery_id(request);
    asked.received_by = std::move(body.received_by);
    asked.note = std::move(body.note);
    co_return changed_to<contracts::Delivery>(
        co_await workers.change<contracts::DeliveriesDeliver>(request, asked));
}

Task<Response> fail(const Workers& workers, Request request)
{
    request.query.require_known({});
    auto body = contracts::parse_failure_body(json_body(request));
    contracts::DeliveryFail asked;
    asked.id = delivery_id(request);
    asked.reason = std::move(body.reason);
    asked.is_final = body.is_final;
    co_return changed_to<contracts::Delivery>(
        co_await workers.change<contracts::DeliveriesFail>(request, asked));
}

}  // namespace

void add_delivery_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    const std::string deliveries = "/v1/deliveries";
    routes.serve(Method::get, deliveries,
                 forward_list<contracts::DeliveriesList, contracts::parse_delivery_list_query>);
    routes.serve(Method::get, deliveries + "/{id}", get);
    routes.serve(Method::post, deliveries + "/{id}/dispatch", dispatch);
    routes.serve(Method::post, deliveries + "/{id}/deliver", deliver);
    routes.serve(Method::post, deliveries + "/{id}/fail", fail);
}

}  // namespace lintel::main
