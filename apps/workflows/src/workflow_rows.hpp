#pragma once

#include "lintel/contracts/workflows.hpp"
#include "lintel/storage/rows.hpp"

namespace lintel::workflows {

/// Rows of the queries that read workflows and what belongs to them, as their callers see them.
contracts::WorkflowItem workflow_item_of(const storage::Row& row);
contracts::Workflow workflow_of(const storage::Row& row);
contracts::WorkflowEvent history_event_of(const storage::Row& row);
contracts::WorkflowStep step_of(const storage::Row& row);
contracts::DeadLetter dead_letter_of(const storage::Row& row);
contracts::RetryingStep retrying_step_of(const storage::Row& row);
contracts::WorkflowFinding finding_of(const storage::Row& row);

/// A building's reference as it is compared: by what is written.
std::string reference_text(const contracts::BuildingReference& reference);

}  // namespace lintel::workflows
