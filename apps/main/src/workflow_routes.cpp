#include "workflow_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

Task<Response> start(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_workflow_start(json_body(request));
    co_return started(co_await workers.change<contracts::WorkflowsStart>(request, asked));
}

Task<Response> list_of_building(const Workers& workers, BuildingService& buildings, Request request)
{
    contracts::WorkflowList filter;
    static_cast<contracts::BuildingWorkflowList&>(filter) =
        contracts::parse_building_workflow_list_query(request.query.parameters());
    const auto building = co_await buildings.get(request.context, path_id(request, "building"));
    filter.building_id = building.id.to_string();
    const auto page =
        co_await workers.read_page<contracts::WorkflowsList>(request.context, std::move(filter));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(const Workers& workers, Request request)
{
    const contracts::WorkflowGet asked{path_id(request, "workflow")};
    return forward_get<contracts::WorkflowsGet>(workers, std::move(request), asked);
}

/// Which part of a list about the workflow that the path names.
contracts::WorkflowPart part(const Request& request)
{
    auto page = contracts::parse_page_query_query(request.query.parameters());
    return {path_id(request, "workflow"), page.page_size, std::move(page.page_token)};
}

template <typename Endpoint>
Task<Response> list_part(const Workers& workers, Request request)
{
    const auto page = co_await workers.read_page<Endpoint>(request.context, part(request));
    co_return Response::json(200, contracts::to_json(page));
}

contracts::WorkflowResultQuery result_query(const Request& request)
{
    return contracts::parse_workflow_result_query_query(request.query.parameters());
}

Task<Response> result(ResultWaits& results, Request request)
{
    contracts::WorkflowResultGet asked;
    static_cast<contracts::WorkflowResultQuery&>(asked) = result_query(request);
    asked.id = path_id(request, "workflow");
    const auto result = co_await results.result(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(result));
}

void add_result_route(http::Router& routes, ResultWaits& results)
{
    http::RouteOptions options;
    options.asked_wait = [&results](const Request& request) {
        return results.allowed(result_query(request));
    };
    routes.add(
        Method::get, "/v1/workflows/{id}/result",
        [&results](Request request) { return result(results, std::move(request)); }, std::move(options));
}

Task<Response> doctor(const Workers& workers, Request request)
{
    const auto asked = contracts::parse_workflow_doctor_query(request.query.parameters());
    const auto findings = co_await workers.read<contracts::WorkflowsDoctor>(request.context, asked);
    co_return Response::json(200, contracts::to_json(findings));
}

}  // namespace

void add_workflow_routes(http::Router& router, Workers workers, BuildingService& buildings,
                         ResultWaits& results)
{
    ForwardingRoutes routes(router, workers);
    routes.serve(Method::post, "/v1/workflows", start);
    routes.serve(Method::get, "/v1/workflows",
                 forward_list<contracts::WorkflowsList, contracts::parse_workflow_list_query>);
    routes.serve(Method::get, "/v1/workflows/doctor", doctor);
    routes.serve(Method::get, "/v1/workflows/retrying",
                 forward_list<contracts::WorkflowsRetrying, contracts::parse_retrying_step_list_query>);
    routes.serve(Method::get, "/v1/workflows/{id}", get);
    routes.serve(Method::get, "/v1/workflows/{id}/history", list_part<contracts::WorkflowsHistory>);
    routes.serve(Method::get, "/v1/workflows/{id}/steps", list_part<contracts::WorkflowsSteps>);
    add_result_route(router, results);
    routes.serve(Method::get, "/v1/buildings/{id}/workflows",
                 [&buildings](const Workers& own, Request request) {
                     return list_of_building(own, buildings, std::move(request));
                 });
}

}  // namespace lintel::main
