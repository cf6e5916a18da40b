#include "schedule_routes.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kSchedules = "/v1/schedules";
/// Where the body of a PATCH stands in the request to the workers; clients do not see it there.
constexpr std::string_view kPatchAt = "/patch";

Response rendered(int status, const contracts::Schedule& schedule)
{
    return Response::json(status, contracts::to_json(schedule)).with_etag(schedule.version);
}

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
    auto response = rendered(201, created).with_location(std::string(kSchedules) + "/" + created.name);
    mark_replay(response, created.is_replay);
    co_return response;
}

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_schedule_list_query(request.query.parameters());
    const auto page = co_await workers.read_page<contracts::SchedulesList>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = named(request);
    const auto schedule = co_await workers.read<contracts::SchedulesGet>(request.context, asked);
    // Never 304: its times move on while its version, which counts changes by callers, stays.
    co_return rendered(200, schedule);
}

contracts::ScheduleUpdate update_of(const Request& request)
{
    request.require_content_type({"application/merge-patch+json", "application/json"});
    nlohmann::json wrapped = nlohmann::json::object();
    wrapped["name"] = named(request).name;
    wrapped["patch"] = core::parse_json(request.body, request.json_limits);
    auto update = contracts::parse_schedule_update(wrapped);
    update.expected_versions = expected_versions(request);
    return update;
}

Task<Response> patch(const Workers& workers, Request request)
{
    request.query.require_known({});
    try {
        const auto asked = update_of(request);
        const auto schedule = co_await workers.ask<contracts::SchedulesUpdate>(request.context, asked);
        co_return rendered(200, schedule);
    } catch (const core::Error& error) {
        throw seen_from(kPatchAt, error);
    }
}

Task<Response> remove(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::ScheduleDelete asked;
    asked.name = named(request).name;
    asked.expected_versions = expected_versions(request);
    co_await workers.ask<contracts::SchedulesDelete>(request.context, asked);
    co_return Response::no_content();
}

Task<Response> trigger(const Workers& workers, Request request)
{
    request.query.require_known({});
    require_no_body(request);
    const auto asked = named(request);
    co_return started(co_await workers.change<contracts::SchedulesTrigger>(request, asked));
}

}  // namespace

void add_schedule_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    const std::string schedules(kSchedules);
    serve(Method::post, schedules, create);
    serve(Method::get, schedules, list);
    serve(Method::get, schedules + "/{name}", get);
    serve(Method::patch, schedules + "/{name}", patch);
    serve(Method::del, schedules + "/{name}", remove);
    serve(Method::post, schedules + "/{name}/trigger", trigger);
}

}  // namespace lintel::main
