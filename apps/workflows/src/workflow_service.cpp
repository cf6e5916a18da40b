#include "workflow_service.hpp"

#include "lintel/core/error.hpp"
#include "lintel/core/failpoint.hpp"

namespace lintel::workflows {
namespace {

using contracts::Workflow;
using core::Error;
using core::ErrorCode;

constexpr std::size_t kPurgeStep = 1000;
/// Above every id that is made.
const core::Id kNewest = *core::Id::parse("ffffffff-ffff-ffff-ffff-ffffffffffff");

Workflow started(contracts::WorkflowCreate request)
{
    Workflow workflow;
    workflow.id = core::Id::generate();
    workflow.name = std::move(request.name);
    workflow.status = contracts::WorkflowStatus::running;
    workflow.building_id = std::move(request.building_id);
    workflow.owner = std::move(request.owner);
    workflow.attributes = std::move(request.attributes);
    workflow.metadata = std::move(request.metadata);
    workflow.version = 1;
    workflow.created_at = workflow.updated_at = core::now();
    return workflow;
}

}  // namespace

WorkflowService::WorkflowService(WorkflowRepository& repository, Options options)
    : repository_(repository), options_(options)
{
}

core::Task<Workflow> WorkflowService::create(telemetry::Context context, contracts::WorkflowCreate request,
                                             std::string key)
{
    NewWorkflow item;
    if (!key.empty()) item.fingerprint = core::Id::derive(core::Id(), contracts::to_json(request));
    item.workflow = started(std::move(request));
    item.key = key;
    item.key_expires_at = item.workflow.created_at + options_.key_ttl;
    const auto workflow = item.workflow;
    const auto fingerprint = item.fingerprint;

    core::failpoint("workflows.before_commit");
    const bool inserted = co_await repository_.insert(context, std::move(item));
    core::failpoint("workflows.after_commit");
    if (!inserted) co_return co_await replay(std::move(context), std::move(key), fingerprint);
    co_return workflow;
}

core::Task<Workflow> WorkflowService::replay(telemetry::Context context, std::string key,
                                             core::Id fingerprint)
{
    const auto known = co_await repository_.find_by_key(std::move(context), key);
    if (!known)
        throw Error(ErrorCode::unavailable, "the Idempotency-Key has just expired; send the request again");
    if (known->fingerprint != fingerprint)
        throw Error(ErrorCode::invalid,
                    "the Idempotency-Key was used with another request; use a new key for a new request");
    if (!known->workflow)
        throw Error(ErrorCode::conflict,
                    "the workflow of this Idempotency-Key was started and has been removed");
    co_return *known->workflow;
}

core::Task<Workflow> WorkflowService::get(telemetry::Context context, core::Id id)
{
    auto workflow = co_await repository_.get(std::move(context), id);
    if (!workflow) throw Error(ErrorCode::not_found, "there is no workflow " + id.to_string());
    co_return std::move(*workflow);
}

core::Task<contracts::WorkflowPage> WorkflowService::list(telemetry::Context context,
                                                          contracts::WorkflowList request)
{
    const auto filters = core::page_filters("workflows", request);
    const auto before = request.page_token ? core::parse_page_token(*request.page_token, filters) : kNewest;
    const auto size = options_.pages.size(request.page_size);
    contracts::WorkflowPage page;
    page.items = co_await repository_.list(std::move(context), std::move(request), before,
                                           static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<void> WorkflowService::purge_keys(telemetry::Context context)
{
    std::size_t removed = 0;
    do {
        removed = co_await repository_.purge_keys(context, kPurgeStep);
    } while (removed == kPurgeStep);
}

}  // namespace lintel::workflows
