#include "schedule_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kSchedules = "/v1/schedules";
contracts::ScheduleGet named(const Request& request)
{
    return of_path("schedule", [&] {
        return contracts::parse_schedule_get({{"name", request.path_parameter("name")}});
    });
}

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_schedule_create(json_body(request));
    const auto created = co_await workers.change<contracts::SchedulesCreate>(request, asked);
    auto location = std::string(kSchedules) + "/" + created.name;
    co_return created_at<contracts::Schedule>(std::move(location), created);
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = named(request);
    const auto schedule = co_await workers.read<contracts::SchedulesGet>(request.context, asked);
    // Never 304: its times move on while its version, which counts changes by callers, stays.
    co_return rendered(200, schedule);
}

Task<Response> patch(const Workers& workers, Request request)
{
    nlohmann::json asked = {{"name", named(request).name}};
    return forward_patch<contracts::SchedulesUpdate>(workers, std::move(request), std::move(asked));
}

Task<Response> remove(const Workers& workers, Request request)
{
    contracts::ScheduleDelete asked;
    asked.name = named(request).name;
    return forward_delete<contracts::SchedulesDelete>(workers, std::move(request), std::move(asked));
}

Task<Response> trigger(const Workers& workers, Request request)
{
    request.query.require_known({});
    require_no_body(request);
    const auto asked = named(request);
    co_return started(co_await workers.change<contracts::SchedulesTrigger>(request, asked));
}

}  // namespace

void add_schedule_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    const std::string schedules(kSchedules);
    routes.serve(Method::post, schedules, create);
    routes.serve(Method::get, schedules,
                 forward_list<contracts::SchedulesList, contracts::parse_schedule_list_query>);
    routes.serve(Method::get, schedules + "/{name}", get);
    routes.serve(Method::patch, schedules + "/{name}", patch);
    routes.serve(Method::del, schedules + "/{name}", remove);
    routes.serve(Method::post, schedules + "/{name}/trigger", trigger);
}

}  // namespace lintel::main
