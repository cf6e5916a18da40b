#include "pick_routes.hpp"

#include <charconv>

#include "forwarding.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"

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

Task<Response> get(const Workers& workers, Request request)
{
    const contracts::PickGet asked{pick_id(request)};
    return forward_get<contracts::PicksGet>(workers, std::move(request), asked);
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
    co_return rendered(200, co_await workers.change<contracts::PicksMark>(request.context, asked));
}

Task<Response> complete(const Workers& workers, Request request)
{
    request.query.require_known({});
    require_no_body(request);
    const contracts::PickGet asked{pick_id(request)};
    const auto completed = co_await workers.change<contracts::PicksComplete>(request, asked);
    co_return changed_to<contracts::Pick>(completed);
}

}  // namespace

void add_pick_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    const std::string picks = "/v1/picks";
    routes.serve(Method::get, picks, forward_list<contracts::PicksList, contracts::parse_pick_list_query>);
    routes.serve(Method::get, picks + "/{id}", get);
    routes.serve(Method::patch, picks + "/{id}/lines/{line}", mark);
    routes.serve(Method::post, picks + "/{id}/complete", complete);
}

}  // namespace lintel::main
