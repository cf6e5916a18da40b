#include "workflow_action_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

/// The signal of the body, yet without the workflow it is for.
contracts::WorkflowSignal signal_of(const Request& request)
{
    request.query.require_known({});
    auto body = contracts::parse_signal_body(json_body(request));
    contracts::WorkflowSignal signal;
    signal.signal_id = std::move(body.id);
    signal.name = std::move(body.name);
    signal.payload = std::move(body.payload);
    return signal;
}

Task<Response> signal(const Workers& workers, Request request)
{
    auto signal = signal_of(request);
    signal.id = path_id(request, "workflow");
    const auto receipt = co_await workers.change<contracts::WorkflowsSignal>(request, signal);
    co_return Response::json(200, contracts::to_json(receipt));
}

Task<Response> signal_by_key(const Workers& workers, Request request)
{
    auto run = of_path("run", [&] {
        return contracts::parse_workflow_list(
            {{"definition", request.path_parameter("name")}, {"key", request.path_parameter("key")}});
    });
    auto signal = signal_of(request);
    signal.definition = std::move(run.definition);
    signal.key = std::move(run.key);
    const auto receipt = co_await workers.change<contracts::WorkflowsSignal>(request, signal);
    co_return Response::json(200, contracts::to_json(receipt));
}

/// Cancels or terminates.
template <typename Endpoint>
Task<Response> stop(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::WorkflowStop asked;
    static_cast<contracts::WorkflowStopBody&>(asked) =
        contracts::parse_workflow_stop_body(optional_json_body(request));
    asked.id = path_id(request, "workflow");
    co_return changed(co_await workers.change<Endpoint>(request, asked));
}

/// Pauses, resumes or retries.
template <typename Endpoint>
Task<Response> nudge(const Workers& workers, Request request)
{
    request.query.require_known({});
    require_no_body(request);
    const contracts::WorkflowNudge asked{path_id(request, "workflow")};
    co_return changed(co_await workers.change<Endpoint>(request, asked));
}

Task<Response> rerun(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::WorkflowRerun asked;
    static_cast<contracts::WorkflowRerunBody&>(asked) =
        contracts::parse_workflow_rerun_body(json_body(request));
    asked.id = path_id(request, "workflow");
    co_return changed(co_await workers.change<contracts::WorkflowsRerun>(request, asked));
}

Task<Response> bulk(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_workflow_bulk(json_body(request));
    // What would be done is only read.
    auto answer = asked.dry_run ? workers.read<contracts::WorkflowsBulk>(request.context, asked)
                                : workers.change_once<contracts::WorkflowsBulk>(request, asked);
    auto result = co_await std::move(answer);
    auto response = Response::json(200, contracts::to_json(result));
    mark_replay(response, result.is_replay);
    co_return response;
}

}  // namespace

void add_workflow_action_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    const auto serve = [&](std::string_view path, auto handler) {
        routes.serve(Method::post, path, handler);
    };
    serve("/v1/workflows/bulk", bulk);
    serve("/v1/workflows/{id}/signals", signal);
    serve("/v1/workflow-definitions/{name}/keys/{key}/signals", signal_by_key);
    serve("/v1/workflows/{id}/cancel", stop<contracts::WorkflowsCancel>);
    serve("/v1/workflows/{id}/terminate", stop<contracts::WorkflowsTerminate>);
    serve("/v1/workflows/{id}/pause", nudge<contracts::WorkflowsPause>);
    serve("/v1/workflows/{id}/resume", nudge<contracts::WorkflowsResume>);
    serve("/v1/workflows/{id}/retry", nudge<contracts::WorkflowsRetry>);
    serve("/v1/workflows/{id}/rerun", rerun);
}

}  // namespace lintel::main
