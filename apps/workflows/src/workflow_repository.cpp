#include "workflow_repository.hpp"

#include <functional>
#include <unordered_map>

#include "lintel/workflows/sql/queries.hpp"
#include "workflow_rows.hpp"

namespace lintel::workflows {
namespace {

using contracts::Workflow;
using contracts::WorkflowStatus;

std::vector<Workflow> workflows_of(const storage::Rows& rows)
{
    std::vector<Workflow> workflows;
    for (const auto row : rows) {
        auto workflow = workflow_of(row);
        if (!workflow.deleted_at) workflows.push_back(std::move(workflow));
    }
    return workflows;
}

bool is_unfinished(WorkflowStatus status)
{
    switch (status) {
        case WorkflowStatus::pending:
        case WorkflowStatus::running:
        case WorkflowStatus::waiting:
        case WorkflowStatus::paused:
        case WorkflowStatus::compensating:
            return true;
        default:
            return false;
    }
}

/// Whether it is a final one, and not the one that most come to.
bool is_unsuccessful(WorkflowStatus status)
{
    return status == WorkflowStatus::failed || status == WorkflowStatus::cancelled ||
           status == WorkflowStatus::terminated;
}

/// The most selective way to what the filter asks for.
const storage::Query& list_query(const contracts::WorkflowList& filter)
{
    if (filter.building_id) return sql::list_workflows_of_building;
    if (filter.parent_id) return sql::list_workflows_of_parent;
    if (filter.key) return sql::list_workflows_by_key;
    if (filter.attributes && *filter.attributes != "{}") return sql::list_workflows_by_attributes;
    if (filter.status && is_unfinished(*filter.status)) return sql::list_unfinished_workflows;
    if (filter.status && is_unsuccessful(*filter.status))
        return filter.definition ? sql::list_unsuccessful_workflows_of_definition
                                 : sql::list_unsuccessful_workflows;
    if (filter.definition) return sql::list_workflows_of_definition;
    return sql::list_workflows;
}

std::optional<std::string_view> text_of(const std::optional<WorkflowStatus>& status)
{
    if (!status) return std::nullopt;
    return contracts::to_string(*status);
}

template <typename Read>
auto read_all(const storage::Rows& rows, Read read)
{
    std::vector<std::invoke_result_t<Read, const storage::Row&>> all;
    for (const auto row : rows)
        all.push_back(read(row));
    return all;
}

}  // namespace

WorkflowRepository::WorkflowRepository(storage::Pool& pool)
    : pool_(pool), reads_(pool, sql::get_workflows, workflows_of)
{
}

core::Task<std::optional<KeyedWorkflow>> WorkflowRepository::find_by_request_key(telemetry::Context context,
                                                                                 std::string key)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_workflow_by_request_key, key);
    if (rows.empty()) co_return std::nullopt;
    KeyedWorkflow found;
    found.fingerprint = rows[0].get<core::Id>("fingerprint");
    if (rows[0].get<std::optional<core::Id>>("id")) found.workflow = workflow_of(rows[0]);
    co_return found;
}

core::Task<std::optional<core::Id>> WorkflowRepository::find_by_key(telemetry::Context context,
                                                                    std::string definition, std::string key)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_run_by_key, definition, key);
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].get<core::Id>("run_id");
}

core::Task<std::optional<Workflow>> WorkflowRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.get(std::move(context), id);
}

core::Task<std::vector<contracts::WorkflowItem>> WorkflowRepository::list(telemetry::Context context,
                                                                          contracts::WorkflowList filter,
                                                                          core::Id before, std::int64_t limit)
{
    std::optional<std::string> building;
    if (filter.building_id) building = reference_text(*filter.building_id);
    const auto rows =
        co_await pool_.query(std::move(context), list_query(filter), before, text_of(filter.status),
                             filter.name, filter.definition, filter.version, filter.key, filter.attributes,
                             filter.created_after, filter.created_before, filter.parent_id, building, limit);
    co_return read_all(rows, workflow_item_of);
}

core::Task<std::vector<core::Id>> WorkflowRepository::list_bulk(telemetry::Context context,
                                                                contracts::BulkFilter filter, core::Id before,
                                                                std::int64_t limit)
{
    const auto rows = co_await pool_.query(
        std::move(context), sql::list_bulk, before, text_of(filter.status), filter.definition, filter.version,
        filter.attributes, filter.created_after, filter.created_before, filter.key_prefix, limit);
    co_return read_all(rows, [](const storage::Row& row) { return row.get<core::Id>("id"); });
}

core::Task<std::vector<contracts::WorkflowEvent>> WorkflowRepository::history(telemetry::Context context,
                                                                              core::Id id, std::int64_t after,
                                                                              std::int64_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), sql::list_history, id, after, limit);
    co_return read_all(rows, history_event_of);
}

core::Task<std::vector<std::pair<std::int64_t, contracts::WorkflowStep>>> WorkflowRepository::steps(
    telemetry::Context context, core::Id id, std::int64_t after, std::int64_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), sql::list_steps, id, after, limit);
    co_return read_all(rows, [](const storage::Row& row) {
        return std::pair(row.get<std::int64_t>("sequence"), step_of(row));
    });
}

core::Task<std::vector<contracts::DeadLetter>> WorkflowRepository::dead_letters(
    telemetry::Context context, std::optional<std::string> definition, core::Id after, std::int64_t limit)
{
    const auto rows =
        co_await pool_.query(std::move(context), sql::list_dead_letters, after, definition, limit);
    co_return read_all(rows, dead_letter_of);
}

core::Task<std::optional<DeadStep>> WorkflowRepository::find_dead_letter(telemetry::Context context,
                                                                         core::Id id)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_dead_letter, id);
    if (rows.empty()) co_return std::nullopt;
    co_return DeadStep{rows[0].get<core::Id>("run_id"), rows[0].get<std::string>("path")};
}

core::Task<std::optional<core::Id>> WorkflowRepository::find_used_key(
    telemetry::Context context, std::optional<storage::IdempotencyKey> key)
{
    if (!key) co_return std::nullopt;
    const auto find = [key](storage::Transaction& transaction) {
        const auto used = storage::claim_idempotency_key(transaction, key, core::Id());
        if (!used) storage::release_idempotency_key(transaction, *key);
        return used;
    };
    co_return co_await pool_.transact(std::move(context), find);
}

core::Task<std::vector<std::pair<std::int64_t, contracts::RetryingStep>>> WorkflowRepository::retrying(
    telemetry::Context context, std::int64_t failures, std::optional<std::string> definition,
    std::int64_t after, std::int64_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), sql::list_retrying_steps, failures, after,
                                           definition, limit);
    co_return read_all(rows, [](const storage::Row& row) {
        return std::pair(row.get<std::int64_t>("sequence"), retrying_step_of(row));
    });
}

core::Task<std::vector<contracts::WorkflowFinding>> WorkflowRepository::find_stuck(telemetry::Context context,
                                                                                   std::int64_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_stuck_workflows, limit);
    co_return read_all(rows, finding_of);
}

core::Task<bool> WorkflowRepository::has_signal(telemetry::Context context, core::Id run, std::string id)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_signal, run, id);
    co_return !rows.empty();
}

core::Task<bool> WorkflowRepository::save_early_signal(telemetry::Context context, std::string definition,
                                                       std::string key, std::string id, std::string name,
                                                       std::string payload)
{
    const auto rows = co_await pool_.execute(std::move(context), sql::save_early_signal, definition, key, id,
                                             name, payload);
    co_return !rows.empty();
}

}  // namespace lintel::workflows
