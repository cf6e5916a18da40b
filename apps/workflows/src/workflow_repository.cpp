#include "workflow_repository.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "lintel/core/error.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

using contracts::Workflow;

std::string reference_text(const contracts::BuildingReference& reference)
{
    if (const auto* number = std::get_if<std::int64_t>(&reference)) return std::to_string(*number);
    return std::get<std::string>(reference);
}

Workflow workflow_of(const storage::Row& row)
{
    Workflow workflow;
    workflow.id = row.get<core::Id>("id");
    workflow.version = row.get<std::int64_t>("version");
    workflow.name = row.get<std::string>("name");
    const auto status = contracts::workflow_status_from_string(row.get<std::string_view>("status"));
    if (!status) throw core::Error(core::ErrorCode::internal, "a stored workflow has an unknown status");
    workflow.status = *status;
    if (row.get<bool>("building_id_is_integer"))
        workflow.building_id = row.get<std::int64_t>("building_id");
    else
        workflow.building_id = row.get<std::string>("building_id");
    workflow.owner.user_id = row.get<std::optional<std::string>>("owner_user_id");
    workflow.owner.org_id = row.get<std::optional<std::string>>("owner_org_id");
    workflow.attributes = row.get<std::string>("attributes");
    workflow.metadata = row.get<std::string>("metadata");
    workflow.created_at = row.get<core::Timestamp>("created_at");
    workflow.updated_at = row.get<core::Timestamp>("updated_at");
    workflow.deleted_at = row.get<std::optional<core::Timestamp>>("deleted_at");
    return workflow;
}

/// An array of one field of each new workflow.
template <typename Field>
storage::Parameter column(std::span<const NewWorkflow> items, Field field)
{
    return storage::array_of(items,
                             [&](const NewWorkflow& item) { return std::invoke(field, item.workflow); });
}

std::vector<bool> insert_workflows(storage::Transaction& transaction, std::span<const NewWorkflow> items)
{
    const auto key_of = [](const NewWorkflow& item) {
        return item.key.empty() ? std::nullopt : std::optional<std::string_view>(item.key);
    };
    const auto taken = transaction.exec(
        sql::insert_workflows, column(items, &Workflow::id), column(items, &Workflow::name),
        column(items, [](const Workflow& w) { return contracts::to_string(w.status); }),
        column(items, [](const Workflow& w) { return reference_text(w.building_id.value()); }),
        column(items,
               [](const Workflow& w) { return std::holds_alternative<std::int64_t>(w.building_id.value()); }),
        column(items, [](const Workflow& w) { return w.owner.user_id; }),
        column(items, [](const Workflow& w) { return w.owner.org_id; }), column(items, &Workflow::attributes),
        column(items, &Workflow::metadata), column(items, &Workflow::created_at),
        storage::array_of(items, key_of), storage::array_of(items, &NewWorkflow::fingerprint),
        storage::array_of(items, &NewWorkflow::key_expires_at));

    std::unordered_set<core::Id> refused;
    for (const auto row : taken)
        refused.insert(row.get<core::Id>(0));
    std::vector<bool> inserted;
    for (const auto& item : items)
        inserted.push_back(!refused.contains(item.workflow.id));
    return inserted;
}

std::vector<std::optional<Workflow>> get_workflows(storage::Transaction& transaction,
                                                   std::span<const core::Id> ids)
{
    std::unordered_map<core::Id, Workflow> found;
    const auto rows = transaction.exec(sql::get_workflows, storage::array_of(ids));
    for (const auto row : rows) {
        auto workflow = workflow_of(row);
        found.emplace(workflow.id, std::move(workflow));
    }
    std::vector<std::optional<Workflow>> results;
    for (const auto& id : ids) {
        const auto at = found.find(id);
        results.push_back(at == found.end() ? std::nullopt : std::optional(std::move(at->second)));
    }
    return results;
}

storage::BatchOptions insert_options()
{
    storage::BatchOptions options;
    options.name = "insert_workflows";
    options.mode = storage::Mode::single_statement;
    return options;
}

storage::BatchOptions read_options()
{
    storage::BatchOptions options;
    options.name = "get_workflows";
    options.mode = storage::Mode::single_statement;
    options.concurrency = 2;
    options.same_key = storage::BatchOptions::SameKey::shares;
    return options;
}

/// Requests with one key go one after the other; all others are independent.
core::Id batch_key(const NewWorkflow& item)
{
    return item.key.empty() ? item.workflow.id : core::Id::derive(core::Id(), item.key);
}

}  // namespace

WorkflowRepository::WorkflowRepository(storage::Pool& pool)
    : pool_(pool),
      inserts_(pool, insert_options(), batch_key, insert_workflows),
      reads_(pool, read_options(), std::identity(), get_workflows)
{
}

core::Task<bool> WorkflowRepository::insert(telemetry::Context context, NewWorkflow workflow)
{
    return inserts_.submit(std::move(context), std::move(workflow));
}

core::Task<std::optional<KeyedWorkflow>> WorkflowRepository::find_by_key(telemetry::Context context,
                                                                         std::string key)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_workflow_by_key, key);
    if (rows.empty()) co_return std::nullopt;
    KeyedWorkflow found;
    found.fingerprint = rows[0].get<core::Id>("fingerprint");
    if (rows[0].get<std::optional<core::Id>>("id")) found.workflow = workflow_of(rows[0]);
    co_return found;
}

core::Task<std::optional<Workflow>> WorkflowRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.submit(std::move(context), id);
}

core::Task<std::vector<contracts::WorkflowItem>> WorkflowRepository::list(telemetry::Context context,
                                                                          contracts::WorkflowList filter,
                                                                          core::Id before, std::int64_t limit)
{
    std::optional<std::string_view> status;
    if (filter.status) status = contracts::to_string(*filter.status);
    auto query =
        filter.building_id
            ? pool_.query(std::move(context), sql::list_workflows_of_building, before, status, filter.name,
                          limit, reference_text(*filter.building_id))
            : pool_.query(std::move(context), sql::list_workflows, before, status, filter.name, limit);
    const auto rows = co_await std::move(query);
    std::vector<contracts::WorkflowItem> workflows;
    for (const auto row : rows)
        workflows.push_back(workflow_of(row));
    co_return workflows;
}

core::Task<std::size_t> WorkflowRepository::purge_keys(telemetry::Context context, std::size_t limit)
{
    const auto rows = co_await pool_.execute(std::move(context), sql::purge_idempotency_keys, limit);
    co_return rows.affected();
}

}  // namespace lintel::workflows
