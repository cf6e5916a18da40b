#include "workflow_starts.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/failpoint.hpp"
#include "lintel/core/json.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::main {
namespace {

constexpr std::string_view kOnboarding = "building-onboarding";
constexpr std::string_view kFulfilment = "order-fulfilment";
constexpr std::string_view kReturn = "order-return";
constexpr std::string_view kCancellation = "order-cancel";
/// The relay starts only after the foreground must have given up.
constexpr std::chrono::milliseconds kRelayMargin{500};

std::string key_of(std::string_view what, const core::Id& resource)
{
    return std::string(what) + "/" + resource.to_string();
}

bool is_key_of(std::string_view what, std::string_view key)
{
    return key.starts_with(what) && key.substr(what.size()).starts_with('/') &&
           core::Id::parse(key.substr(what.size() + 1)).has_value();
}

PromisedWorkflow promise(std::string_view subject, std::string payload, std::string_view name,
                         const core::Id& resource, const core::Id& building)
{
    return {std::string(subject),   std::move(payload),
            key_of(name, resource), resource,
            std::string(name),      building};
}

contracts::WorkflowSummary summary_of(const PromisedWorkflow& promised)
{
    return {std::nullopt, promised.name, contracts::WorkflowStatus::pending, promised.building.to_string()};
}

}  // namespace

PromisedWorkflow onboarding_of(const core::Id& building)
{
    contracts::WorkflowCreate request;
    request.name = kOnboarding;
    request.building_id = building.to_string();
    return promise(contracts::WorkflowsCreate::kSubject, contracts::to_json(request), kOnboarding, building,
                   building);
}

PromisedWorkflow fulfilment_of(const core::Id& order, const core::Id& building)
{
    contracts::WorkflowStart request;
    request.definition = kFulfilment;
    request.key = order.to_string();
    request.input = R"({"orderId":")" + order.to_string() + R"("})";
    request.building_id = building.to_string();
    request.conflict = contracts::ConflictPolicy::use_existing;
    return promise(contracts::WorkflowsStart::kSubject, contracts::to_json(request), kFulfilment, order,
                   building);
}

storage::NewIntent end_of_fulfilment(const core::Id& order, const std::optional<std::string>& reason)
{
    contracts::WorkflowStop request;
    request.definition = kFulfilment;
    request.key = order.to_string();
    request.reason = reason;
    storage::NewIntent intent;
    intent.subject = contracts::WorkflowsCancel::kSubject;
    intent.payload = contracts::to_json(request);
    intent.idempotency_key = key_of(kCancellation, order);
    intent.resource_id = order;
    return intent;
}

storage::NewIntent start_of_return(const contracts::Order& order, const contracts::OrderReturn& order_return)
{
    nlohmann::json input{{"orderId", order.id.to_string()},
                         {"returnId", order_return.id.to_string()},
                         {"customerId", order.customer_id.to_string()},
                         {"holdId", order.hold_id.value().to_string()},
                         {"currency", order_return.currency},
                         {"amount", order_return.amount},
                         {"lines", nlohmann::json::array()}};
    for (const auto& line : order_return.lines)
        input["lines"].push_back({{"sku", line.sku}, {"quantity", line.quantity}});
    contracts::WorkflowStart request;
    request.definition = kReturn;
    request.key = order_return.id.to_string();
    request.input = core::dump_json(input);
    request.building_id = order.building_id.to_string();
    request.conflict = contracts::ConflictPolicy::use_existing;
    storage::NewIntent intent;
    intent.subject = contracts::WorkflowsStart::kSubject;
    intent.payload = contracts::to_json(request);
    intent.idempotency_key = key_of(kReturn, order_return.id);
    intent.resource_id = order_return.id;
    return intent;
}

bool is_promise_key(std::string_view key)
{
    return is_key_of(kOnboarding, key) || is_key_of(kFulfilment, key) || is_key_of(kReturn, key) ||
           is_key_of(kCancellation, key);
}

bool is_fulfilment(const storage::Intent& intent)
{
    return is_key_of(kFulfilment, intent.idempotency_key);
}

bool is_return(const storage::Intent& intent)
{
    return is_key_of(kReturn, intent.idempotency_key);
}

core::Id order_of_return(const storage::Intent& intent)
{
    const auto request = nlohmann::json::parse(intent.payload);
    const auto order = core::Id::parse(request.at("input").at("orderId").get<std::string>());
    if (!order) throw core::Error(core::ErrorCode::internal, "the intent of a return names no order");
    return *order;
}

std::vector<service::IntentRelay::Peer> promised_peers()
{
    using service::IntentRelay;
    return {IntentRelay::peer<contracts::WorkflowsCreate>(), IntentRelay::peer<contracts::WorkflowsStart>(),
            IntentRelay::peer<contracts::WorkflowsCancel>()};
}

WorkflowStarts::WorkflowStarts(messaging::Client& client, Options options, Relay relay)
    : client_(client), options_(options), relay_(std::move(relay))
{
}

storage::NewIntent WorkflowStarts::intent_for(const PromisedWorkflow& promised) const
{
    storage::NewIntent intent;
    intent.subject = promised.subject;
    intent.payload = promised.payload;
    intent.idempotency_key = promised.key;
    intent.resource_id = promised.resource;
    intent.due_at = core::now() + options_.start_deadline + kRelayMargin;
    return intent;
}

core::Task<contracts::WorkflowSummary> WorkflowStarts::start(telemetry::Context context,
                                                             PromisedWorkflow promised,
                                                             std::optional<core::Id> intent)
{
    messaging::RequestOptions options;
    options.idempotency_key = promised.key;
    options.hedge_after = options_.hedge_after;
    auto summary = summary_of(promised);
    try {
        const auto reply = co_await client_.request(context.at_most(options_.start_deadline),
                                                    promised.subject, promised.payload, options);
        // Whatever started it answers a workflow, and perhaps more.
        const auto workflow = contracts::WorkflowsGet::parse_reply(core::parse_json(reply.payload));
        core::failpoint("main.after_reply");
        if (intent) relay_.close(*intent);
        summary.id = workflow.id;
        summary.name = workflow.name;
        summary.status = workflow.status;
    } catch (const core::Error& error) {
        telemetry::log(telemetry::LogLevel::debug, context.trace, "the workflow is left to the relay",
                       {{"resourceId", promised.resource.to_string()}, {"why", error.what()}});
    }
    co_return summary;
}

}  // namespace lintel::main
