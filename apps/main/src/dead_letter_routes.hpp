#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/dead-letters: steps that have been given up, and their replay.
void add_dead_letter_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
