#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// What is done with workflows that have been started: signals, actions on one, and on many at once.
void add_workflow_action_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
