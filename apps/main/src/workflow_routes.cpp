#include "workflow_routes.hpp"

#include "lintel/contracts/workflows_endpoints.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Request;
using http::Response;

class WorkflowRoutes {
public:
    WorkflowRoutes(messaging::Client& client, BuildingService& buildings, WorkflowReads reads)
        : client_(client), buildings_(buildings), reads_(reads)
    {
    }

    Task<Response> list_all(Request request) const
    {
        auto filter = contracts::parse_workflow_list_query(request.query.parameters());
        co_return co_await list(request.context, std::move(filter));
    }

    Task<Response> list_of_building(Request request) const
    {
        auto asked = contracts::parse_building_workflow_list_query(request.query.parameters());
        const auto building = co_await buildings_.get(request.context, path_id(request, "building"));
        contracts::WorkflowList filter;
        filter.building_id = building.id.to_string();
        filter.status = asked.status;
        filter.name = std::move(asked.name);
        filter.page_size = asked.page_size;
        filter.page_token = std::move(asked.page_token);
        co_return co_await list(request.context, std::move(filter));
    }

    Task<Response> get(Request request) const
    {
        request.query.require_known({});
        const contracts::WorkflowGet asked{path_id(request, "workflow")};
        const auto workflow =
            co_await client_.call<contracts::WorkflowsGet>(request.context, asked, options());
        if (has_current(request, workflow.version)) co_return not_modified(workflow.version);
        co_return Response::json(200, contracts::to_json(workflow)).with_etag(workflow.version);
    }

private:
    messaging::RequestOptions options() const
    {
        messaging::RequestOptions options;
        options.hedge_after = reads_.hedge_after;
        options.hedges = reads_.hedges;
        return options;
    }

    Task<Response> list(telemetry::Context context, contracts::WorkflowList filter) const
    {
        filter.page_size = static_cast<std::int64_t>(reads_.pages.size(filter.page_size));
        const auto page =
            co_await client_.call<contracts::WorkflowsList>(std::move(context), filter, options());
        co_return Response::json(200, contracts::to_json(page));
    }

    messaging::Client& client_;
    BuildingService& buildings_;
    const WorkflowReads reads_;
};

}  // namespace

void add_workflow_routes(http::Router& routes, messaging::Client& client, BuildingService& buildings,
                         WorkflowReads reads)
{
    const auto own = std::make_shared<const WorkflowRoutes>(client, buildings, reads);
    routes.add(http::Method::get, "/v1/workflows",
               [own](Request request) { return own->list_all(std::move(request)); });
    routes.add(http::Method::get, "/v1/workflows/{id}",
               [own](Request request) { return own->get(std::move(request)); });
    routes.add(http::Method::get, "/v1/buildings/{id}/workflows",
               [own](Request request) { return own->list_of_building(std::move(request)); });
}

}  // namespace lintel::main
