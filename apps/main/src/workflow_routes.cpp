#include "workflow_routes.hpp"

#include "lintel/contracts/workflows_endpoints.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Request;
using http::Response;

/// Reads may be asked again: another worker answers for one that hangs.
messaging::RequestOptions read_options()
{
    messaging::RequestOptions options;
    options.hedge_after = std::chrono::milliseconds(300);
    options.hedges = 8;
    return options;
}

Task<Response> list(messaging::Client& client, telemetry::Context context, contracts::WorkflowList filter)
{
    const auto page =
        co_await client.call<contracts::WorkflowsList>(std::move(context), filter, read_options());
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> list_all(messaging::Client& client, Request request)
{
    auto filter = contracts::parse_workflow_list_query(request.query.parameters());
    co_return co_await list(client, request.context, std::move(filter));
}

Task<Response> list_of_building(messaging::Client& client, BuildingService& buildings, Request request)
{
    auto asked = contracts::parse_building_workflow_list_query(request.query.parameters());
    const auto building = co_await buildings.get(request.context, path_id(request, "building"));
    contracts::WorkflowList filter;
    filter.building_id = building.id.to_string();
    filter.status = asked.status;
    filter.name = std::move(asked.name);
    filter.page_size = asked.page_size;
    filter.page_token = std::move(asked.page_token);
    co_return co_await list(client, request.context, std::move(filter));
}

Task<Response> get(messaging::Client& client, Request request)
{
    request.query.require_known({});
    const contracts::WorkflowGet asked{path_id(request, "workflow")};
    const auto workflow =
        co_await client.call<contracts::WorkflowsGet>(request.context, asked, read_options());
    if (has_current(request, workflow.version)) co_return not_modified(workflow.version);
    co_return Response::json(200, contracts::to_json(workflow)).with_etag(workflow.version);
}

}  // namespace

void add_workflow_routes(http::Router& routes, messaging::Client& client, BuildingService& buildings)
{
    routes.add(http::Method::get, "/v1/workflows",
               [&](Request request) { return list_all(client, std::move(request)); });
    routes.add(http::Method::get, "/v1/workflows/{id}",
               [&](Request request) { return get(client, std::move(request)); });
    routes.add(http::Method::get, "/v1/buildings/{id}/workflows",
               [&](Request request) { return list_of_building(client, buildings, std::move(request)); });
}

}  // namespace lintel::main
