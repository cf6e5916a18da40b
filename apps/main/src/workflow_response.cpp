#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using http::Response;

Response rendered(int status, const contracts::Workflow& workflow)
{
    return Response::json(status, contracts::to_json(workflow)).with_etag(workflow.version);
}

}  // namespace

Response shown(const contracts::Workflow& workflow)
{
    return rendered(200, workflow);
}

Response changed(const contracts::WorkflowChanged& workflow)
{
    auto response = rendered(200, workflow);
    mark_replay(response, workflow.is_replay);
    return response;
}

Response started(const contracts::WorkflowStarted& workflow)
{
    auto response = rendered(workflow.is_existing ? 200 : 201, workflow);
    if (!workflow.is_existing) response.headers.add("Location", "/v1/workflows/" + workflow.id.to_string());
    mark_replay(response, workflow.is_replay);
    return response;
}

void mark_replay(Response& response, bool is_replay)
{
    if (is_replay) response.headers.add("Idempotency-Replayed", "true");
}

}  // namespace lintel::main
