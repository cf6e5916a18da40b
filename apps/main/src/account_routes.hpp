#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/accounts: the accounts of the ledger, and their statements.
void add_account_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
