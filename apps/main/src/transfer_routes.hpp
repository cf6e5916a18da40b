#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/transfers: money from one account of the ledger to another.
void add_transfer_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
