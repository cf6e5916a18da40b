#include "stock_routes.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/inventory_endpoints.hpp"
#include "request_parts.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_stock_level_list_query(request.query.parameters());
    const auto page = co_await workers.read_page<contracts::StockList>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> movements(const Workers& workers, Request request)
{
    auto asked = contracts::parse_stock_movement_list_query(request.query.parameters());
    const auto page =
        co_await workers.read_page<contracts::StockMovements>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

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

void add_stock_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    serve(Method::get, "/v1/stock", list);
    serve(Method::get, "/v1/stock/movements", movements);
    serve(Method::post, "/v1/stock/adjustments", adjust);
}

}  // namespace lintel::main
