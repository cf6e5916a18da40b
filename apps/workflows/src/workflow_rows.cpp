#include "workflow_rows.hpp"

#include "command_text.hpp"
#include "lintel/core/error.hpp"

namespace lintel::workflows {
namespace {

using contracts::WorkflowStatus;
using storage::Row;

template <typename Value>
Value known(const std::optional<Value>& value)
{
    if (!value)
        throw core::Error(core::ErrorCode::internal,
                          "a stored workflow has a status or state that is unknown");
    return *value;
}

WorkflowStatus status_of(const Row& row)
{
    return known(contracts::workflow_status_from_string(row.get<std::string_view>("status")));
}

std::optional<workflow::StepError> error_of(const Row& row)
{
    const auto text = row.get<std::optional<std::string_view>>("error");
    if (!text) return std::nullopt;
    return error_from_text(*text);
}

/// As much of a message as contracts/ lets us show: peers may say more.
std::string fitting(std::string message)
{
    constexpr std::size_t kMaxBytes = 4000;
    if (message.size() <= kMaxBytes) return message;
    std::size_t end = kMaxBytes;
    const auto continues = [&] { return (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U; };
    while (end > 0 && continues())
        --end;
    message.resize(end);
    return message;
}

std::optional<std::vector<contracts::ProblemError>> faults_of(std::vector<core::FieldError> errors)
{
    if (errors.empty()) return std::nullopt;
    std::vector<contracts::ProblemError> faults;
    for (auto& each : errors)
        faults.push_back({std::move(each.pointer), std::move(each.detail)});
    return faults;
}

std::optional<contracts::StepError> step_error_of(const Row& row)
{
    auto error = error_of(row);
    if (!error) return std::nullopt;
    return contracts::StepError{std::move(error->code), fitting(std::move(error->message)),
                                faults_of(std::move(error->errors))};
}

/// Of a step that has failed.
contracts::StepError last_error_of(const Row& row)
{
    return step_error_of(row).value_or(contracts::StepError{"internal", "unknown"});
}

std::optional<contracts::WorkflowError> workflow_error_of(const Row& row)
{
    auto error = error_of(row);
    if (!error) return std::nullopt;
    contracts::WorkflowError shown;
    shown.code = std::move(error->code);
    shown.message = fitting(std::move(error->message));
    shown.errors = faults_of(std::move(error->errors));
    if (!error->step.empty()) shown.step = std::move(error->step);
    return shown;
}

std::optional<contracts::BuildingReference> building_of(const Row& row)
{
    const auto is_integer = row.get<std::optional<bool>>("building_id_is_integer");
    if (!is_integer) return std::nullopt;
    if (*is_integer) return row.get<std::int64_t>("building_id");
    return row.get<std::string>("building_id");
}

void read_item(const Row& row, contracts::WorkflowItem& item)
{
    item.id = row.get<core::Id>("id");
    item.version = row.get<std::int64_t>("version");
    item.name = row.get<std::string>("name");
    item.status = status_of(row);
    item.definition = row.get<std::string>("definition");
    item.definition_version = row.get<std::int64_t>("definition_version");
    item.key = row.get<std::optional<std::string>>("key");
    item.priority = row.get<std::int64_t>("priority");
    item.building_id = building_of(row);
    item.owner.user_id = row.get<std::optional<std::string>>("owner_user_id");
    item.owner.org_id = row.get<std::optional<std::string>>("owner_org_id");
    item.attributes = row.get<std::string>("attributes");
    item.metadata = row.get<std::string>("metadata");
    item.error = workflow_error_of(row);
    item.parent_id = row.get<std::optional<core::Id>>("parent_id");
    item.created_at = row.get<core::Timestamp>("created_at");
    item.updated_at = row.get<core::Timestamp>("updated_at");
    item.deleted_at = row.get<std::optional<core::Timestamp>>("deleted_at");
    item.finished_at = row.get<std::optional<core::Timestamp>>("finished_at");
}

}  // namespace

contracts::WorkflowItem workflow_item_of(const Row& row)
{
    contracts::WorkflowItem item;
    read_item(row, item);
    return item;
}

contracts::Workflow workflow_of(const Row& row)
{
    contracts::Workflow workflow;
    read_item(row, workflow);
    workflow.input = row.get<std::string>("input");
    workflow.output = row.get<std::optional<std::string>>("output");
    return workflow;
}

contracts::WorkflowEvent history_event_of(const Row& row)
{
    contracts::WorkflowEvent event;
    event.sequence = row.get<std::int64_t>("sequence");
    event.type = row.get<std::string>("type");
    if (auto step = row.get<std::string>("step"); !step.empty()) event.step = std::move(step);
    event.at = row.get<core::Timestamp>("at");
    event.data = row.get<std::string>("data");
    return event;
}

contracts::WorkflowStep step_of(const Row& row)
{
    contracts::WorkflowStep step;
    step.path = row.get<std::string>("path");
    step.state = known(contracts::step_state_from_string(row.get<std::string_view>("state")));
    step.attempt = row.get<std::int64_t>("attempt");
    step.failures = row.get<std::int64_t>("failures");
    step.due_at = row.get<std::optional<core::Timestamp>>("due_at");
    step.changed_at = row.get<core::Timestamp>("changed_at");
    step.started_at = row.get<std::optional<core::Timestamp>>("started_at");
    step.worker = row.get<std::optional<std::string>>("worker");
    step.input = row.get<std::optional<std::string>>("input");
    step.output = row.get<std::optional<std::string>>("output");
    step.error = step_error_of(row);
    step.child_id = row.get<std::optional<core::Id>>("child_id");
    return step;
}

contracts::DeadLetter dead_letter_of(const Row& row)
{
    contracts::DeadLetter letter;
    letter.id = row.get<core::Id>("id");
    letter.workflow_id = row.get<core::Id>("run_id");
    letter.definition = row.get<std::string>("definition");
    letter.path = row.get<std::string>("path");
    letter.error = last_error_of(row);
    letter.attempts = row.get<std::int64_t>("attempt");
    letter.input = row.get<std::optional<std::string>>("input");
    letter.since = row.get<core::Timestamp>("changed_at");
    return letter;
}

contracts::RetryingStep retrying_step_of(const Row& row)
{
    contracts::RetryingStep step;
    step.workflow_id = row.get<core::Id>("run_id");
    step.definition = row.get<std::string>("definition");
    step.path = row.get<std::string>("path");
    step.failures = row.get<std::int64_t>("failures");
    step.error = last_error_of(row);
    step.last_attempt_at = row.get<std::optional<core::Timestamp>>("started_at");
    step.next_attempt_at = row.get<std::optional<core::Timestamp>>("due_at");
    return step;
}

contracts::WorkflowFinding finding_of(const Row& row)
{
    contracts::WorkflowFinding finding;
    finding.id = row.get<core::Id>("id");
    finding.definition = row.get<std::string>("definition");
    finding.status = status_of(row);
    finding.since = row.get<core::Timestamp>("updated_at");
    finding.finding = row.get<std::string>("finding");
    return finding;
}

std::string reference_text(const contracts::BuildingReference& reference)
{
    if (const auto* number = std::get_if<std::int64_t>(&reference)) return std::to_string(*number);
    return std::get<std::string>(reference);
}

}  // namespace lintel::workflows
