#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/workflow-definitions: what workflows do, as documents.
void add_definition_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
