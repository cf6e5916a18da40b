#pragma once

#include "lintel/core/page_token.hpp"
#include "lintel/http/router.hpp"
#include "lintel/service/intent_relay.hpp"
#include "workers.hpp"

namespace lintel::main {

/// What has been promised to other services and not been answered yet: by main, whose `relay` outlives the
/// router, and by the worker sets that promise something, who are asked.
void add_intent_routes(http::Router& routes, Workers workers, service::IntentRelay& relay,
                       core::PageLimits pages);

}  // namespace lintel::main
