#include "workflow_endpoints.hpp"

#include "lintel/contracts/workflows_endpoints.hpp"

namespace lintel::workflows {
namespace {

using messaging::Request;

template <typename Endpoint>
WorkflowActions::Asked asked(const Request& request, const typename Endpoint::Request& parsed)
{
    return {std::string(Endpoint::kSubject), request.idempotency_key, contracts::to_json(parsed)};
}

/// An action on one workflow: `event_of` says what happens to it.
template <typename Endpoint, typename EventOf>
void serve_action(messaging::Service& endpoints, WorkflowActions& actions, EventOf event_of)
{
    endpoints.serve<Endpoint>(
        [&actions, event_of](const Request& request, typename Endpoint::Request parsed) {
            auto how = asked<Endpoint>(request, parsed);
            return actions.act(request.context, parsed.id, event_of(parsed), std::move(how));
        });
}

/// Cancels or terminates.
template <typename Endpoint, typename Stop>
void serve_stop(messaging::Service& endpoints, WorkflowActions& actions)
{
    endpoints.serve<Endpoint>([&actions](const Request& request, contracts::WorkflowStop parsed) {
        auto how = asked<Endpoint>(request, parsed);
        workflow::Event event = Stop{parsed.reason.value_or("")};
        return actions.stop(request.context, std::move(parsed), std::move(event), std::move(how));
    });
}

}  // namespace

void add_workflow_endpoints(messaging::Service& endpoints, WorkflowService& workflows)
{
    endpoints.serve<contracts::WorkflowsCreate>(
        [&](const Request& request, contracts::WorkflowCreate create) {
            return workflows.create(request.context, std::move(create), request.idempotency_key);
        });
    endpoints.serve<contracts::WorkflowsStart>([&](const Request& request, contracts::WorkflowStart start) {
        return workflows.start(request.context, std::move(start), request.idempotency_key);
    });
    endpoints.serve<contracts::WorkflowsGet>([&](const Request& request, contracts::WorkflowGet get) {
        return workflows.get(request.context, get.id);
    });
    endpoints.serve<contracts::WorkflowsList>([&](const Request& request, contracts::WorkflowList list) {
        return workflows.list(request.context, std::move(list));
    });
    endpoints.serve<contracts::WorkflowsHistory>([&](const Request& request, contracts::WorkflowPart part) {
        return workflows.history(request.context, std::move(part));
    });
    endpoints.serve<contracts::WorkflowsSteps>([&](const Request& request, contracts::WorkflowPart part) {
        return workflows.steps(request.context, std::move(part));
    });
    endpoints.serve<contracts::WorkflowsResult>(
        [&](const Request& request, contracts::WorkflowResultGet get) {
            return workflows.result(request.context, get);
        });
}

void add_action_endpoints(messaging::Service& endpoints, WorkflowActions& actions)
{
    using namespace workflow;
    serve_stop<contracts::WorkflowsCancel, Cancel>(endpoints, actions);
    serve_stop<contracts::WorkflowsTerminate, Terminate>(endpoints, actions);
    serve_action<contracts::WorkflowsPause>(endpoints, actions, [](const auto&) { return Event(Pause{}); });
    serve_action<contracts::WorkflowsResume>(endpoints, actions, [](const auto&) { return Event(Resume{}); });
    serve_action<contracts::WorkflowsRetry>(endpoints, actions, [](const auto&) { return Event(Retry{}); });
    serve_action<contracts::WorkflowsRerun>(endpoints, actions,
                                            [](const auto& rerun) { return Event(Rerun{rerun.from_step}); });
    endpoints.serve<contracts::WorkflowsSignal>(
        [&](const Request& request, contracts::WorkflowSignal signal) {
            return actions.signal(request.context, std::move(signal));
        });
    endpoints.serve<contracts::WorkflowsBulk>([&](const Request& request, contracts::WorkflowBulk bulk) {
        auto how = asked<contracts::WorkflowsBulk>(request, bulk);
        return actions.bulk(request.context, std::move(bulk), std::move(how));
    });
    endpoints.serve<contracts::WorkflowsDoctor>(
        [&](const Request& request, contracts::WorkflowDoctor doctor) {
            return actions.doctor(request.context, doctor);
        });
    endpoints.serve<contracts::WorkflowsRetrying>(
        [&](const Request& request, contracts::RetryingStepList list) {
            return actions.retrying(request.context, std::move(list));
        });
    endpoints.serve<contracts::WorkflowsDeadLetters>(
        [&](const Request& request, contracts::DeadLetterList list) {
            return actions.dead_letters(request.context, std::move(list));
        });
    endpoints.serve<contracts::WorkflowsReplay>(
        [&](const Request& request, contracts::DeadLetterReplay replay) {
            auto how = asked<contracts::WorkflowsReplay>(request, replay);
            return actions.replay(request.context, std::move(replay), std::move(how));
        });
}

void add_definition_endpoints(messaging::Service& endpoints, DefinitionService& definitions)
{
    endpoints.serve<contracts::DefinitionsCreate>(
        [&](const Request& request, contracts::DefinitionCreate create) {
            return definitions.create(request.context, std::move(create), request.idempotency_key);
        });
    endpoints.serve<contracts::DefinitionsGet>([&](const Request& request, contracts::DefinitionGet get) {
        return definitions.get(request.context, std::move(get));
    });
    endpoints.serve<contracts::DefinitionsList>([&](const Request& request, contracts::DefinitionList list) {
        return definitions.list(request.context, std::move(list));
    });
}

void add_wake_endpoint(messaging::Service& endpoints, Engine& engine)
{
    messaging::EndpointOptions options;
    options.name = "workflows-wake";
    options.subject = "workflows.wake";
    options.queue_group = contracts::WorkflowsCreate::kQueueGroup;
    endpoints.add_endpoint(options, [&engine](Request) -> core::Task<std::string> {
        engine.wake();
        co_return std::string();
    });
}

}  // namespace lintel::workflows
