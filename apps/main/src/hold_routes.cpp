#include "hold_routes.hpp"

#include "lintel/contracts/inventory_endpoints.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_hold_list_query(request.query.parameters());
    const auto page =
        co_await workers.read_page<contracts::InventoryHolds>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const contracts::HoldGet asked{path_id(request, "hold")};
    const auto hold = co_await workers.read<contracts::InventoryHold>(request.context, asked);
    if (has_current(request, hold.version)) co_return not_modified(hold.version);
    co_return Response::json(200, contracts::to_json(hold)).with_etag(hold.version);
}

}  // namespace

void add_hold_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    serve(Method::get, "/v1/holds", list);
    serve(Method::get, "/v1/holds/{id}", get);
}

}  // namespace lintel::main
