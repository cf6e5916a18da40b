#include "pick_routes.hpp"

#include <charconv>

#include <nlohmann/json.hpp>

#include "lintel/contracts/inventory_endpoints.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

core::Id pick_id(const Request& request)
{
    return path_id(request, "pick list");
}

/// The parameter {line}: digits, as lines are written. Nothing else is a line.
std::int64_t line_of(const Request& request)
{
    const auto text = request.path_parameter("line");
    std::int64_t line = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
    if (error != std::errc() || end != text.data() + text.size() || line < 1 || line > 1000)
        throw core::Error(core::ErrorCode::not_found,
                          "there is no such line; lines are numbers from 1 to 1000");
    return line;
}

Response rendered(const contracts::Pick& pick)
{
    return Response::json(200, contracts::to_json(pick)).with_etag(pick.version);
}

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_pick_list_query(request.query.parameters());
    const auto page = co_await workers.read_page<contracts::PicksList>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const contracts::PickGet asked{pick_id(request)};
    const auto pick = co_await workers.read<contracts::PicksGet>(request.context, asked);
    co_return has_current(request, pick.version) ? not_modified(pick.version) : rendered(pick);
}

Task<Response> mark(const Workers& workers, Request request)
{
    request.query.require_known({});
    request.require_content_type({"application/merge-patch+json", "application/json"});
    contracts::PickMark asked;
    asked.id = pick_id(request);
    asked.line = line_of(request);
    auto body = contracts::parse_pick_mark_body(core::parse_json(request.body, request.json_limits));
    asked.picked = body.picked;
    asked.note = std::move(body.note);
    co_return rendered(co_await workers.ask<contracts::PicksMark>(request.context, asked));
}

Task<Response> complete(const Workers& workers, Request request)
{
    request.query.require_known({});
    require_no_body(request);
    const contracts::PickGet asked{pick_id(request)};
    const auto completed = co_await workers.change<contracts::PicksComplete>(request, asked);
    auto response = rendered(completed);
    mark_replay(response, completed.is_replay);
    co_return response;
}

}  // namespace

void add_pick_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    const std::string picks = "/v1/picks";
    serve(Method::get, picks, list);
    serve(Method::get, picks + "/{id}", get);
    serve(Method::patch, picks + "/{id}/lines/{line}", mark);
    serve(Method::post, picks + "/{id}/complete", complete);
}

}  // namespace lintel::main
