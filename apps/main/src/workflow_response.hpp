#pragma once

#include "lintel/contracts/workflows.hpp"
#include "lintel/http/response.hpp"

namespace lintel::main {

/// 200 after something was done with it.
http::Response changed(const contracts::WorkflowChanged& workflow);

/// 201 with its Location, or 200 for a run that was there already.
http::Response started(const contracts::WorkflowStarted& workflow);

}  // namespace lintel::main
