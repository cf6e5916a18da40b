#pragma once

#include "intent_repository.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/http/router.hpp"
#include "onboarding.hpp"

namespace lintel::main {

/// What has been promised to other services and not been answered yet. `intents` and `onboarding` outlive the
/// router.
void add_intent_routes(http::Router& routes, IntentRepository& intents, Onboarding& onboarding,
                       core::PageLimits pages);

}  // namespace lintel::main
