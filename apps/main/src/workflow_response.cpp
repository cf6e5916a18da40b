#include "workflow_response.hpp"

#include "entity_response.hpp"

namespace lintel::main {
http::Response changed(const contracts::WorkflowChanged& workflow)
{
    return changed_to<contracts::Workflow>(workflow);
}

http::Response started(const contracts::WorkflowStarted& workflow)
{
    auto response = rendered<contracts::Workflow>(workflow.is_existing ? 200 : 201, workflow);
    if (!workflow.is_existing) response.headers.add("Location", "/v1/workflows/" + workflow.id.to_string());
    mark_replay(response, workflow.is_replay);
    return response;
}

}  // namespace lintel::main
