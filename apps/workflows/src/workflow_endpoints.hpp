#pragma once

#include "definition_service.hpp"
#include "engine.hpp"
#include "lintel/messaging/service.hpp"
#include "workflow_actions.hpp"
#include "workflow_service.hpp"

namespace lintel::workflows {

/// What is answered over NATS. All that is passed outlives `endpoints`.
void add_workflow_endpoints(messaging::Service& endpoints, WorkflowService& workflows);
void add_action_endpoints(messaging::Service& endpoints, WorkflowActions& actions);
void add_definition_endpoints(messaging::Service& endpoints, DefinitionService& definitions);
/// For the other replicas: they have steps that they have no room for.
void add_wake_endpoint(messaging::Service& endpoints, Engine& engine);

}  // namespace lintel::workflows
