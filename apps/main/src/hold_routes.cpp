#include "hold_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

Task<Response> get(const Workers& workers, Request request)
{
    const contracts::HoldGet asked{path_id(request, "hold")};
    return forward_get<contracts::InventoryHold>(workers, std::move(request), asked);
}

}  // namespace

void add_hold_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    routes.serve(Method::get, "/v1/holds",
                 forward_list<contracts::InventoryHolds, contracts::parse_hold_list_query>);
    routes.serve(Method::get, "/v1/holds/{id}", get);
}

}  // namespace lintel::main
