#include "refused_promises.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/telemetry/log.hpp"
#include "order_return.hpp"
#include "workflow_starts.hpp"

namespace lintel::main {
namespace {

using contracts::OrderStatus;
using core::Error;
using core::ErrorCode;
using Fate = RefusedPromises::Fate;
using Kind = storage::DeliveryOutcome::Kind;

std::vector<contracts::OrderReason> not_started(const Error& error)
{
    return {{"notStarted", std::string("its workflow could not be started: ") + error.what(), std::nullopt}};
}

OrderChange change_of(const telemetry::Context& context, const core::Id& order)
{
    OrderChange change;
    change.order = order;
    change.trace_id = context.trace.trace_id();
    return change;
}

}  // namespace

core::Task<Fate> RefusedPromises::judge(telemetry::Context context, storage::Intent intent, Error error)
{
    if (intent.subject == contracts::WorkflowsCancel::kSubject)
        co_return co_await judge_cancellation(std::move(context), intent.resource_id, error.code());
    if (core::is_refusal(error.code()) && is_fulfilment(intent))
        co_return co_await tell_order(std::move(context), std::move(intent), std::move(error));
    if (core::is_refusal(error.code()) && is_return(intent))
        co_return co_await tell_return(std::move(context), std::move(intent), std::move(error));
    co_return std::nullopt;
}

core::Task<Fate> RefusedPromises::judge_cancellation(telemetry::Context context, core::Id order,
                                                     ErrorCode code)
{
    if (code == ErrorCode::conflict) co_return Kind::delivered;
    if (code != ErrorCode::not_found) co_return std::nullopt;
    const bool may_come = co_await orders_.is_start_promised(std::move(context), order);
    co_return may_come ? Kind::retry : Kind::delivered;
}

core::Task<Fate> RefusedPromises::tell_order(telemetry::Context context, storage::Intent intent, Error error)
{
    auto change = change_of(context, intent.resource_id);
    change.decide = [error](OrderDraft& draft, core::Timestamp) {
        OrderDecision decision;
        const auto reasons = not_started(error);
        if (draft.order.status != OrderStatus::placed || draft.order.reasons == reasons) return decision;
        draft.order.reasons = reasons;
        decision.event = "notStarted";
        decision.data = nlohmann::json{{"detail", error.what()}}.dump();
        return decision;
    };
    const auto changed = co_await changes_.submit(std::move(context), std::move(change));
    const bool is_wanted = changed.draft.order.status == OrderStatus::placed;
    co_return is_wanted ? Fate() : Fate(Kind::delivered);
}

core::Task<Fate> RefusedPromises::tell_return(telemetry::Context context, storage::Intent intent, Error error)
{
    auto change = change_of(context, order_of_return(intent));
    change.order_return = intent.resource_id;
    change.decide = [error](OrderDraft& draft, core::Timestamp) {
        OrderDecision decision;
        if (!draft.order_return || draft.order_return->status != contracts::OrderReturnStatus::requested)
            return decision;
        refuse_return(draft, not_started(error));
        decision.event = "returnRefused";
        decision.data =
            nlohmann::json{{"returnId", draft.order_return->id.to_string()}, {"detail", error.what()}}.dump();
        return decision;
    };
    telemetry::log(telemetry::LogLevel::warn, context.trace, "a return is refused, as its workflow is",
                   {{"returnId", intent.resource_id.to_string()}, {"why", error.what()}});
    auto submitting = changes_.submit(std::move(context), std::move(change));
    co_await std::move(submitting);
    co_return Kind::delivered;
}

}  // namespace lintel::main
