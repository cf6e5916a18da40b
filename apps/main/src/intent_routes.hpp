#pragma once

#include "intent_repository.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/http/router.hpp"
#include "lintel/service/intent_relay.hpp"

namespace lintel::main {

/// What has been promised to other services and not been answered yet. `intents` and `relay` outlive the
/// router.
void add_intent_routes(http::Router& routes, IntentRepository& intents, service::IntentRelay& relay,
                       core::PageLimits pages);

}  // namespace lintel::main
