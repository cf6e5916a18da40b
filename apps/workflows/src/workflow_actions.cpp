#include "workflow_actions.hpp"

#include "bulk.hpp"
#include "lintel/core/error.hpp"
#include "number_token.hpp"

namespace lintel::workflows {
namespace {

using contracts::WorkflowChanged;
using core::Error;
using core::ErrorCode;
using Kind = RunResult::Kind;

/// Of a bulk action: so many transactions' worth of workflows go at once.
constexpr std::int64_t kBulkPage = 1000;

Error unnamed(const std::string& what)
{
    return Error(ErrorCode::invalid, what + " is not named",
                 {{"", "must have either an id or a definition and a key"}});
}

Error no_such_workflow(const core::Id& id)
{
    return Error(ErrorCode::not_found, "there is no workflow " + id.to_string());
}

WorkflowChanged changed(contracts::Workflow workflow, bool is_replay)
{
    WorkflowChanged answer;
    static_cast<contracts::Workflow&>(answer) = std::move(workflow);
    answer.is_replay = is_replay;
    return answer;
}

}  // namespace

WorkflowActions::WorkflowActions(WorkflowRepository& repository, Engine& engine, Options options)
    : repository_(repository), engine_(engine), options_(options)
{
}

core::Task<WorkflowChanged> WorkflowActions::act(telemetry::Context context, core::Id id,
                                                 workflow::Event event, Asked asked)
{
    RunEvent one;
    one.run = id;
    one.event = std::move(event);
    one.request_key = storage::make_idempotency_key(asked.scope, asked.key, asked.request, options_.key_ttl);
    const auto result = co_await engine_.submit(context, std::move(one));
    if (result.kind == Kind::refused) std::rethrow_exception(result.error);
    std::optional<contracts::Workflow> workflow;
    if (result.kind != Kind::missing) workflow = co_await repository_.get(std::move(context), id);
    if (!workflow) throw no_such_workflow(id);
    co_return changed(std::move(*workflow), result.kind == Kind::replayed);
}

core::Task<WorkflowChanged> WorkflowActions::stop(telemetry::Context context, contracts::WorkflowStop request,
                                                  workflow::Event event, Asked asked)
{
    auto id = request.id;
    if (!id) {
        if (!request.definition || !request.key) throw unnamed("what is to be stopped");
        id = co_await repository_.find_by_key(context, *request.definition, *request.key);
        if (!id)
            throw Error(ErrorCode::not_found,
                        "'" + *request.definition + "' has no workflow with the key '" + *request.key + "'");
    }
    co_return co_await act(std::move(context), *id, std::move(event), std::move(asked));
}

core::Task<contracts::SignalReceipt> WorkflowActions::signal(telemetry::Context context,
                                                             contracts::WorkflowSignal request)
{
    if (request.id) co_return co_await signal_run(std::move(context), *request.id, std::move(request));
    if (!request.definition || !request.key) throw unnamed("the receiver of a signal");
    const auto definition = *request.definition;
    const auto key = *request.key;
    auto run = co_await repository_.find_by_key(context, definition, key);
    if (run) co_return co_await signal_run(std::move(context), *run, std::move(request));
    const bool is_new = co_await repository_.save_early_signal(context, definition, key, request.signal_id,
                                                               request.name, request.payload);
    // It may have been started meanwhile, too early to see the signal.
    run = co_await repository_.find_by_key(context, definition, key);
    if (run) co_await engine_.adopt_signals(std::move(context), definition, key);
    contracts::SignalReceipt receipt;
    receipt.workflow_id = run;
    receipt.is_duplicate = !is_new;
    co_return receipt;
}

core::Task<contracts::SignalReceipt> WorkflowActions::signal_run(telemetry::Context context, core::Id id,
                                                                 contracts::WorkflowSignal request)
{
    RunEvent one;
    one.run = id;
    one.event = workflow::SignalReceived{{request.signal_id, request.name, request.payload}};
    const auto result = co_await engine_.submit(context, std::move(one));
    if (result.kind == Kind::missing) throw no_such_workflow(id);
    bool is_known = result.kind == Kind::stale;
    if (result.kind == Kind::refused) {
        // A workflow that has ended takes no signal, but remembers those that it had.
        is_known = co_await repository_.has_signal(std::move(context), id, request.signal_id);
        if (!is_known) std::rethrow_exception(result.error);
    }
    contracts::SignalReceipt receipt;
    receipt.workflow_id = id;
    receipt.is_duplicate = is_known;
    co_return receipt;
}

core::Task<contracts::WorkflowBulkResult> WorkflowActions::bulk(telemetry::Context context,
                                                                contracts::WorkflowBulk request, Asked asked)
{
    const BulkStep step{bulk_event(request), request.dry_run,
                        [asked = std::move(asked), ttl = options_.key_ttl](const core::Id& id) {
                            const auto key = asked.key.empty() ? "" : asked.key + "/" + id.to_string();
                            return storage::make_idempotency_key(asked.scope, key, asked.request, ttl);
                        }};
    contracts::WorkflowBulkResult total;
    auto before = core::newest_id();
    std::int64_t left = request.limit;
    for (;;) {
        const auto page = std::min(left, kBulkPage);
        auto ids = co_await repository_.list_bulk(context, request.filter, before, page + 1);
        total.has_more = ids.size() > static_cast<std::size_t>(page);
        if (total.has_more) ids.pop_back();
        if (ids.empty()) break;
        before = ids.back();
        left -= static_cast<std::int64_t>(ids.size());
        auto part = co_await apply_to_all(engine_, context, std::move(ids), step);
        total.is_replay = part.is_replay && (total.matched == 0 || total.is_replay);
        total.matched += part.matched;
        total.applied += part.applied;
        total.skipped += part.skipped;
        const auto room = 100 - std::min<std::size_t>(100, total.failures.size());
        part.failures.resize(std::min(room, part.failures.size()));
        total.failures.insert(total.failures.end(), part.failures.begin(), part.failures.end());
        if (!total.has_more || left == 0) break;
    }
    co_return total;
}

core::Task<std::optional<WorkflowChanged>> WorkflowActions::find_replayed(telemetry::Context context,
                                                                          Asked asked)
{
    const auto key = storage::make_idempotency_key(asked.scope, asked.key, asked.request, options_.key_ttl);
    const auto run = co_await repository_.find_used_key(context, key);
    if (!run) co_return std::nullopt;
    auto workflow = co_await repository_.get(std::move(context), *run);
    if (!workflow) co_return std::nullopt;
    co_return changed(std::move(*workflow), true);
}

core::Task<WorkflowChanged> WorkflowActions::replay(telemetry::Context context,
                                                    contracts::DeadLetterReplay request, Asked asked)
{
    const auto step = co_await repository_.find_dead_letter(context, request.id);
    // What was replayed is a dead letter no more: a repeated request is known by its key alone.
    if (!step) {
        auto replayed = co_await find_replayed(std::move(context), asked);
        if (!replayed) throw Error(ErrorCode::not_found, "there is no dead letter " + request.id.to_string());
        co_return std::move(*replayed);
    }
    workflow::Replay replay{step->path, std::move(request.input)};
    co_return co_await act(std::move(context), step->run, std::move(replay), std::move(asked));
}

core::Task<contracts::DeadLetterPage> WorkflowActions::dead_letters(telemetry::Context context,
                                                                    contracts::DeadLetterList request)
{
    const auto filters = core::page_filters("deadLetters", request);
    const auto after = request.page_token ? core::parse_page_token(*request.page_token, filters) : core::Id();
    const auto size = options_.pages.size(request.page_size);
    contracts::DeadLetterPage page;
    page.items = co_await repository_.dead_letters(std::move(context), request.definition, after,
                                                   static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<contracts::RetryingStepPage> WorkflowActions::retrying(telemetry::Context context,
                                                                  contracts::RetryingStepList request)
{
    const auto filters = core::page_filters("retrying", request);
    const auto after = request.page_token ? parse_number_token(*request.page_token, filters) : 0;
    const auto size = options_.pages.size(request.page_size);
    const auto least = request.min_failures.value_or(options_.retrying_after);
    const auto found = co_await repository_.retrying(std::move(context), least, request.definition, after,
                                                     static_cast<std::int64_t>(size) + 1);
    co_return numbered_page<contracts::RetryingStepPage>(found, size, options_.pages.bytes, filters);
}

core::Task<contracts::WorkflowFindings> WorkflowActions::doctor(telemetry::Context context,
                                                                contracts::WorkflowDoctor request)
{
    contracts::WorkflowFindings findings;
    findings.items = co_await repository_.find_stuck(std::move(context), request.limit);
    co_return findings;
}

}  // namespace lintel::workflows
