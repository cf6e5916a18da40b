#pragma once

#include "lintel/messaging/service.hpp"
#include "workflow_service.hpp"

namespace lintel::workflows {

/// Serves workflows.create, .get and .list. `workflows` outlives `endpoints`.
void add_workflow_endpoints(messaging::Service& endpoints, WorkflowService& workflows);

}  // namespace lintel::workflows
