#pragma once

#include "lintel/http/router.hpp"
#include "workers.hpp"

namespace lintel::main {

/// /v1/customers/{id}/contact-infos: how to reach a customer.
void add_contact_info_routes(http::Router& routes, Workers workers);

}  // namespace lintel::main
