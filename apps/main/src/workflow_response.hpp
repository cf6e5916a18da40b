#pragma once

#include "lintel/contracts/workflows.hpp"
#include "lintel/http/response.hpp"

namespace lintel::main {

/// 200 with the workflow and its ETag.
http::Response shown(const contracts::Workflow& workflow);

/// The same, after something was done with it.
http::Response changed(const contracts::WorkflowChanged& workflow);

/// 201 with its Location, or 200 for a run that was there already.
http::Response started(const contracts::WorkflowStarted& workflow);

/// Adds `Idempotency-Replayed` when nothing was done now.
void mark_replay(http::Response& response, bool is_replay);

}  // namespace lintel::main
