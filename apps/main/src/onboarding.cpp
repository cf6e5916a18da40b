#include "onboarding.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/failpoint.hpp"
#include "lintel/core/json.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::main {
namespace {

constexpr std::string_view kWorkflow = "building-onboarding";
/// The relay starts only after the foreground must have given up.
constexpr std::chrono::milliseconds kRelayMargin{500};

/// Made of nothing that can change: the same key must always come with the same request.
contracts::WorkflowCreate request_for(const core::Id& building)
{
    contracts::WorkflowCreate request;
    request.name = kWorkflow;
    request.building_id = building.to_string();
    return request;
}

std::string key_for(const core::Id& building)
{
    return std::string(kWorkflow) + "/" + building.to_string();
}

contracts::WorkflowSummary summary_of(contracts::Workflow workflow, const core::Id& building)
{
    return {workflow.id, std::move(workflow.name), workflow.status, building.to_string()};
}

contracts::WorkflowSummary pending(const core::Id& building)
{
    return {std::nullopt, std::string(kWorkflow), contracts::WorkflowStatus::pending, building.to_string()};
}

}  // namespace

Onboarding::Onboarding(messaging::Client& client, storage::Pool& pool, Options options,
                       storage::OutboxOptions outbox)
    : client_(client),
      options_(options),
      outbox_(pool, outbox, [this](telemetry::Context context, storage::Intent intent) {
          return deliver(std::move(context), std::move(intent));
      })
{
}

void Onboarding::start_relay()
{
    outbox_.start();
}

core::Task<void> Onboarding::stop_relay(core::Deadline deadline)
{
    const bool drained = co_await outbox_.drain(deadline);
    if (!drained) telemetry::log(telemetry::LogLevel::warn, "intents were still being delivered at the end");
}

storage::NewIntent Onboarding::intent_for(const core::Id& building) const
{
    return {core::Id::generate(),
            std::string(contracts::WorkflowsCreate::kSubject),
            contracts::to_json(request_for(building)),
            key_for(building),
            building,
            core::now() + options_.start_deadline + kRelayMargin};
}

core::Task<contracts::WorkflowSummary> Onboarding::start(telemetry::Context context, core::Id building,
                                                         std::optional<core::Id> intent)
{
    messaging::RequestOptions options;
    options.idempotency_key = key_for(building);
    options.hedge_after = options_.hedge_after;
    try {
        const auto request = request_for(building);
        auto workflow = co_await client_.call<contracts::WorkflowsCreate>(
            context.at_most(options_.start_deadline), request, options);
        core::failpoint("main.after_reply");
        if (intent) outbox_.close_later(*intent);
        co_return summary_of(std::move(workflow), building);
    } catch (const core::Error& error) {
        telemetry::log(telemetry::LogLevel::debug, context.trace, "the workflow is left to the relay",
                       {{"buildingId", building.to_string()}, {"why", error.what()}});
    }
    co_return pending(building);
}

core::Task<storage::DeliveryOutcome> Onboarding::deliver(telemetry::Context context, storage::Intent intent)
{
    messaging::RequestOptions options;
    options.idempotency_key = intent.idempotency_key;
    const auto trace = context.trace;
    const auto request = contracts::WorkflowsCreate::parse_request(core::parse_json(intent.payload));
    core::failpoint("main.before_delivery");
    // Read, although nobody looks at it: only a workflow is an answer, anything else leaves the promise open.
    co_await client_.call<contracts::WorkflowsCreate>(std::move(context), request, options);
    core::failpoint("main.after_delivery");
    telemetry::log(telemetry::LogLevel::info, trace, "an intent was delivered",
                   {{"intentId", intent.id.to_string()},
                    {"buildingId", intent.resource_id.to_string()},
                    {"attempt", intent.attempt}});
    co_return storage::DeliveryOutcome{storage::DeliveryOutcome::Kind::delivered};
}

core::Task<bool> Onboarding::retry(telemetry::Context context, core::Id intent)
{
    return outbox_.retry(std::move(context), intent);
}

}  // namespace lintel::main
