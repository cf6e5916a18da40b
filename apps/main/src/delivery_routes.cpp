#include "delivery_routes.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/deliveries_endpoints.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"
#include "workflow_response.hpp"

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

Response rendered(const contracts::Delivery& delivery)
{
    return Response::json(200, contracts::to_json(delivery)).with_etag(delivery.version);
}

Response changed_now(const contracts::DeliveryChanged& delivery)
{
    auto response = rendered(delivery);
    mark_replay(response, delivery.is_replay);
    return response;
}

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_delivery_list_query(request.query.parameters());
    const auto page =
        co_await workers.read_page<contracts::DeliveriesList>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const contracts::DeliveryGet asked{delivery_id(request)};
    const auto delivery = co_await workers.read<contracts::DeliveriesGet>(request.context, asked);
    co_return has_current(request, delivery.version) ? not_modified(delivery.version) : rendered(delivery);
}

Task<Response> dispatch(const Workers& workers, Request request)
{
    request.query.require_known({});
    auto body = contracts::parse_dispatch_body(optional_json_body(request));
    contracts::DeliveryDispatch asked;
    asked.id = delivery_id(request);
    asked.carrier = std::move(body.carrier);
    asked.carrier_reference = std::move(body.carrier_reference);
    co_return changed_now(co_await workers.change<contracts::DeliveriesDispatch>(request, asked));
}

Task<Response> deliver(const Workers& workers, Request request)
{
    request.query.require_known({});
    auto body = contracts::parse_handover_body(optional_json_body(request));
    contracts::DeliveryDeliver asked;
    asked.id = delivery_id(request);
    asked.received_by = std::move(body.received_by);
    asked.note = std::move(body.note);
    co_return changed_now(co_await workers.change<contracts::DeliveriesDeliver>(request, asked));
}

Task<Response> fail(const Workers& workers, Request request)
{
    request.query.require_known({});
    auto body = contracts::parse_failure_body(json_body(request));
    contracts::DeliveryFail asked;
    asked.id = delivery_id(request);
    asked.reason = std::move(body.reason);
    asked.is_final = body.is_final;
    co_return changed_now(co_await workers.change<contracts::DeliveriesFail>(request, asked));
}

}  // namespace

void add_delivery_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    const std::string deliveries = "/v1/deliveries";
    serve(Method::get, deliveries, list);
    serve(Method::get, deliveries + "/{id}", get);
    serve(Method::post, deliveries + "/{id}/dispatch", dispatch);
    serve(Method::post, deliveries + "/{id}/deliver", deliver);
    serve(Method::post, deliveries + "/{id}/fail", fail);
}

}  // namespace lintel::main
