#include "dead_letter_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Request;
using http::Response;

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

void add_dead_letter_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    routes.serve(http::Method::get, "/v1/dead-letters",
                 forward_list<contracts::WorkflowsDeadLetters, contracts::parse_dead_letter_list_query>);
    routes.serve(http::Method::post, "/v1/dead-letters/{id}/replay", replay);
}

}  // namespace lintel::main
