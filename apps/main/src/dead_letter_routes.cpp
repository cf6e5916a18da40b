#include "dead_letter_routes.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "request_parts.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Request;
using http::Response;

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_dead_letter_list_query(request.query.parameters());
    const auto page =
        co_await workers.read_page<contracts::WorkflowsDeadLetters>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> replay(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::DeadLetterReplay asked;
    static_cast<contracts::DeadLetterReplayBody&>(asked) =
        contracts::parse_dead_letter_replay_body(optional_json_body(request));
    asked.id = path_id(request, "dead letter");
    co_return changed(co_await workers.change<contracts::WorkflowsReplay>(request, asked));
}

}  // namespace

void add_dead_letter_routes(http::Router& routes, Workers workers)
{
    routes.add(http::Method::get, "/v1/dead-letters",
               [workers](Request request) { return list(workers, std::move(request)); });
    routes.add(http::Method::post, "/v1/dead-letters/{id}/replay",
               [workers](Request request) { return replay(workers, std::move(request)); });
}

}  // namespace lintel::main
