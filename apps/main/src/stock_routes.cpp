#include "stock_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

Task<Response> adjust(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_stock_adjustment(json_body(request));
    const auto adjusted = co_await workers.change<contracts::StockAdjust>(request, asked);
    // The answer is the movement; whether it is new stands in the header.
    const contracts::StockMovement& movement = adjusted;
    auto response = Response::json(201, contracts::to_json(movement));
    mark_replay(response, adjusted.is_replay);
    co_return response;
}

}  // namespace

void add_stock_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    routes.serve(Method::get, "/v1/stock",
                 forward_list<contracts::StockList, contracts::parse_stock_level_list_query>);
    routes.serve(Method::get, "/v1/stock/movements",
                 forward_list<contracts::StockMovements, contracts::parse_stock_movement_list_query>);
    routes.serve(Method::post, "/v1/stock/adjustments", adjust);
}

}  // namespace lintel::main
