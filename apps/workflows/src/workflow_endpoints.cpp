#include "workflow_endpoints.hpp"

#include "lintel/contracts/workflows_endpoints.hpp"

namespace lintel::workflows {

void add_workflow_endpoints(messaging::Service& endpoints, WorkflowService& workflows)
{
    using messaging::Request;

    endpoints.serve<contracts::WorkflowsCreate>(
        [&](const Request& request, contracts::WorkflowCreate create) {
            return workflows.create(request.context, std::move(create), request.idempotency_key);
        });
    endpoints.serve<contracts::WorkflowsGet>([&](const Request& request, contracts::WorkflowGet get) {
        return workflows.get(request.context, get.id);
    });
    endpoints.serve<contracts::WorkflowsList>([&](const Request& request, contracts::WorkflowList list) {
        return workflows.list(request.context, std::move(list));
    });
}

}  // namespace lintel::workflows
