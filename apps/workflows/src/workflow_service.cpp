#include "workflow_service.hpp"

#include "lintel/contracts/workflow_status.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/failpoint.hpp"
#include "lintel/core/json.hpp"
#include "number_token.hpp"
#include "workflow_rows.hpp"

namespace lintel::workflows {
namespace {

using namespace std::chrono_literals;
using contracts::ConflictPolicy;
using contracts::Workflow;
using contracts::WorkflowStarted;
using core::Error;
using core::ErrorCode;

constexpr std::string_view kOnboarding = "building-onboarding";
/// Of a wait's time: for the answer to reach its caller.
constexpr auto kAnswerReserve = 200ms;

template <typename Request>
NewRun run_for(Request& request)
{
    NewRun start;
    start.fingerprint = core::Id::derive(core::Id(), contracts::to_json(request));
    start.run.id = core::Id::generate();
    start.run.attributes = std::move(request.attributes);
    start.metadata = std::move(request.metadata);
    start.owner_user_id = std::move(request.owner.user_id);
    start.owner_org_id = std::move(request.owner.org_id);
    return start;
}

void set_building(NewRun& start, const contracts::BuildingReference& building)
{
    start.building_id = reference_text(building);
    start.building_id_is_integer = std::holds_alternative<std::int64_t>(building);
}

std::string onboarding_input(const contracts::BuildingReference& building)
{
    std::string input = R"({"buildingId":)";
    if (const auto* number = std::get_if<std::int64_t>(&building))
        input += std::to_string(*number);
    else
        core::append_json_string(input, std::get<std::string>(building));
    return input + "}";
}

/// The workflow that has just been started, as it was stored.
WorkflowStarted started(const NewRun& start, workflow::RunStatus status)
{
    const auto& run = start.run;
    WorkflowStarted workflow;
    workflow.id = run.id;
    workflow.name = run.name;
    workflow.status = *contracts::workflow_status_from_string(workflow::to_string(status));
    workflow.definition = run.definition->name;
    workflow.definition_version = run.definition->version;
    if (!run.key.empty()) workflow.key = run.key;
    workflow.priority = start.priority;
    if (start.building_id && start.building_id_is_integer)
        workflow.building_id = std::stoll(*start.building_id);
    else if (start.building_id)
        workflow.building_id = *start.building_id;
    workflow.owner = {start.owner_user_id, start.owner_org_id};
    workflow.attributes = run.attributes;
    workflow.metadata = start.metadata;
    workflow.input = run.input;
    workflow.version = 1;
    workflow.created_at = workflow.updated_at = run.created_at;
    return workflow;
}

WorkflowStarted shown(Workflow workflow)
{
    WorkflowStarted answer;
    static_cast<Workflow&>(answer) = std::move(workflow);
    return answer;
}

}  // namespace

WorkflowService::WorkflowService(WorkflowRepository& repository, Engine& engine, core::Executor& executor,
                                 Options options)
    : repository_(repository), engine_(engine), executor_(executor), options_(options)
{
}

core::Task<Workflow> WorkflowService::create(telemetry::Context context, contracts::WorkflowCreate request,
                                             std::string key)
{
    auto start = run_for(request);
    start.request_key = std::move(key);
    start.run.definition = co_await definition_of(context, request.name);
    start.run.name = std::move(request.name);
    start.run.input = onboarding_input(request.building_id);
    set_building(start, request.building_id);
    auto started = co_await start_run(std::move(context), std::move(start), ConflictPolicy::fail);
    co_return static_cast<Workflow&&>(std::move(started));
}

core::Task<std::shared_ptr<const workflow::Definition>> WorkflowService::definition_of(
    telemetry::Context context, std::string name)
{
    try {
        co_return co_await engine_.definition(context, name, 0);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    co_return co_await engine_.definition(std::move(context), std::string(kOnboarding), 0);
}

core::Task<WorkflowStarted> WorkflowService::start(telemetry::Context context,
                                                   contracts::WorkflowStart request, std::string key)
{
    auto start = run_for(request);
    start.request_key = std::move(key);
    start.run.definition =
        co_await engine_.definition(context, request.definition, request.version.value_or(0));
    workflow::check_input(*start.run.definition, core::parse_json(request.input));
    start.run.name = request.definition;
    start.run.key = request.key.value_or("");
    start.run.input = std::move(request.input);
    start.priority = request.priority;
    if (request.building_id) set_building(start, *request.building_id);
    co_return co_await start_run(std::move(context), std::move(start), request.conflict);
}

core::Task<WorkflowStarted> WorkflowService::start_run(telemetry::Context context, NewRun run,
                                                       ConflictPolicy conflict)
{
    run.traceparent = context.trace.traceparent();
    run.request_key_expires_at = core::now() + options_.key_ttl;
    core::failpoint("workflows.before_commit");
    const auto result = co_await engine_.start(context, run);
    core::failpoint("workflows.after_commit");
    if (result.is_started) {
        run.run.created_at = result.created_at;
        co_return started(run, result.status);
    }
    if (result.is_request_known) co_return co_await replay(std::move(context), std::move(run), conflict);
    co_return co_await existing(std::move(context), std::move(run), conflict);
}

core::Task<WorkflowStarted> WorkflowService::replay(telemetry::Context context, NewRun run,
                                                    ConflictPolicy conflict)
{
    auto known = co_await repository_.find_by_request_key(context, run.request_key);
    if (!known)
        throw Error(ErrorCode::unavailable, "the Idempotency-Key has just expired; send the request again");
    if (known->fingerprint != run.fingerprint) throw storage::key_of_another_request();
    // The first request met a run that had the key already, and was answered with it or refused.
    if (!known->workflow && !run.run.key.empty())
        co_return co_await existing(std::move(context), std::move(run), conflict);
    if (!known->workflow)
        throw Error(ErrorCode::conflict,
                    "the workflow of this Idempotency-Key was started and has been removed");
    auto answer = shown(std::move(*known->workflow));
    answer.is_replay = true;
    co_return answer;
}

core::Task<WorkflowStarted> WorkflowService::existing(telemetry::Context context, NewRun run,
                                                      ConflictPolicy conflict)
{
    const auto& definition = run.run.definition->name;
    const auto id = co_await repository_.find_by_key(context, definition, run.run.key);
    std::optional<Workflow> workflow;
    if (id) workflow = co_await repository_.get(std::move(context), *id);
    if (conflict == ConflictPolicy::use_existing && workflow) {
        auto answer = shown(std::move(*workflow));
        answer.is_existing = true;
        co_return answer;
    }
    throw Error(ErrorCode::conflict, "'" + definition + "' has been started with the key '" + run.run.key +
                                         "' before" + (id ? ", as workflow " + id->to_string() : ""));
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
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::WorkflowPage page;
    page.items = co_await repository_.list(std::move(context), std::move(request), before,
                                           static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<contracts::WorkflowHistory> WorkflowService::history(telemetry::Context context,
                                                                contracts::WorkflowPart request)
{
    co_await get(context, request.id);
    const auto filters = core::page_filters("history", request);
    const auto after = request.page_token ? parse_number_token(*request.page_token, filters) : 0;
    const auto size = options_.pages.size(request.page_size);
    contracts::WorkflowHistory page;
    page.items = co_await repository_.history(std::move(context), request.id, after,
                                              static_cast<std::int64_t>(size) + 1);
    const auto kept = std::min(size, core::count_fitting(page.items, options_.pages.bytes));
    if (page.items.size() > kept) {
        page.items.resize(kept);
        page.next_page_token = make_number_token(page.items.back().sequence, filters);
    }
    co_return page;
}

core::Task<contracts::WorkflowStepPage> WorkflowService::steps(telemetry::Context context,
                                                               contracts::WorkflowPart request)
{
    co_await get(context, request.id);
    const auto filters = core::page_filters("steps", request);
    const auto after = request.page_token ? parse_number_token(*request.page_token, filters) : 0;
    const auto size = options_.pages.size(request.page_size);
    const auto found = co_await repository_.steps(std::move(context), request.id, after,
                                                  static_cast<std::int64_t>(size) + 1);
    co_return numbered_page<contracts::WorkflowStepPage>(found, size, options_.pages.bytes, filters);
}

core::Task<contracts::WorkflowResult> WorkflowService::result(telemetry::Context context,
                                                              contracts::WorkflowResultGet request)
{
    const auto longest = std::min(request.wait.value_or(0ms), options_.longest_wait);
    const auto left = context.deadline.remaining() -
                      std::min<core::Deadline::Clock::duration>(context.deadline.remaining(), kAnswerReserve);
    const auto until = core::Deadline::after(std::min<core::Deadline::Clock::duration>(longest, left));
    auto workflow = co_await get(context, request.id);
    while (!contracts::is_final(workflow.status) && !until.has_passed() && !waits_ended_) {
        co_await executor_.sleep(
            std::min<core::Deadline::Clock::duration>(options_.wait_poll, until.remaining()));
        workflow = co_await get(context, request.id);
    }
    co_return contracts::WorkflowResult{workflow.id, workflow.status, std::move(workflow.output),
                                        std::move(workflow.error)};
}

}  // namespace lintel::workflows
