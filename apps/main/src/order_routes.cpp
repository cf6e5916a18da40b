#include "order_routes.hpp"

#include <nlohmann/json.hpp>

#include "entity_response.hpp"
#include "preconditions.hpp"
#include "prefer.hpp"
#include "request_parts.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

/// The way to all of them, and of one.
constexpr std::string_view kOrders = "/v1/orders";
constexpr std::string_view kOrder = "/v1/orders/{id}";

Task<Response> place(OrderService& orders, Request request)
{
    request.query.require_known({});
    auto key = idempotency_key(request);
    auto order = contracts::parse_order_create(json_body(request));
    const auto wait = preferred_wait(request.headers);
    const auto placed = co_await orders.place(request.context, std::move(order), std::move(key), wait);
    auto response =
        rendered(201, placed.order).with_location(std::string(kOrders) + "/" + placed.order.id.to_string());
    mark_replay(response, placed.is_replay);
    if (placed.wait)
        response.headers.add("Preference-Applied", "wait=" + std::to_string(placed.wait->count()));
    co_return response;
}

Task<Response> list(OrderService& orders, Request request)
{
    auto filter = contracts::parse_order_list_query(request.query.parameters());
    const auto page = co_await orders.list(request.context, std::move(filter));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(OrderService& orders, Request request)
{
    request.query.require_known({});
    const auto order = co_await orders.get(request.context, path_id(request, "order"));
    co_return has_current(request, order.version) ? not_modified(order.version) : rendered(200, order);
}

Task<Response> cancel(OrderService& orders, Request request)
{
    request.query.require_known({});
    auto key = idempotency_key(request);
    auto wish = contracts::parse_order_cancel_body(optional_json_body(request));
    const auto cancelled =
        co_await orders.cancel(request.context, path_id(request, "order"), std::move(wish), std::move(key));
    auto response = rendered(200, cancelled.order);
    mark_replay(response, cancelled.is_replay);
    co_return response;
}

Task<Response> request_return(OrderService& orders, Request request)
{
    request.query.require_known({});
    auto key = idempotency_key(request);
    auto wish = contracts::parse_order_return_create(json_body(request));
    const auto returned = co_await orders.request_return(request.context, path_id(request, "order"),
                                                         std::move(wish), std::move(key));
    auto response = rendered(201, returned.order_return);
    mark_replay(response, returned.is_replay);
    co_return response;
}

Task<Response> list_returns(OrderService& orders, Request request)
{
    auto part = contracts::parse_page_query_query(request.query.parameters());
    const auto page =
        co_await orders.list_returns(request.context, path_id(request, "order"), std::move(part));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> show_timeline(OrderTimelines& timelines, Request request)
{
    request.query.require_known({});
    const auto timeline = co_await timelines.show(request.context, path_id(request, "order"));
    co_return Response::json(200, contracts::to_json(timeline));
}

void add_place_route(http::Router& routes, OrderService& orders)
{
    http::RouteOptions options;
    options.asked_wait = [&orders](const Request& request) -> std::chrono::milliseconds {
        return orders.allowed_wait(preferred_wait(request.headers).value_or(std::chrono::seconds(0)));
    };
    routes.add(
        Method::post, kOrders, [&orders](Request request) { return place(orders, std::move(request)); },
        std::move(options));
}

}  // namespace

void add_order_routes(http::Router& routes, OrderService& orders, OrderTimelines& timelines)
{
    const auto serve = [&](Method method, std::string_view path, auto handler) {
        routes.add(method, path,
                   [&orders, handler](Request request) { return handler(orders, std::move(request)); });
    };
    add_place_route(routes, orders);
    serve(Method::get, kOrders, list);
    serve(Method::get, kOrder, get);
    serve(Method::post, "/v1/orders/{id}/cancel", cancel);
    serve(Method::post, "/v1/orders/{id}/returns", request_return);
    serve(Method::get, "/v1/orders/{id}/returns", list_returns);
    routes.add(Method::get, "/v1/orders/{id}/timeline",
               [&timelines](Request request) { return show_timeline(timelines, std::move(request)); });
}

}  // namespace lintel::main
