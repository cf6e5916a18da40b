#pragma once

#include "lintel/messaging/client.hpp"
#include "transit.hpp"

namespace lintel::workflows {

/// What an attempt may bring back: as much as contracts/schemas/workflows/WorkflowValue.yaml has room for.
struct AttemptLimits {
    core::JsonLimits output{256U << 10U, 48};
};

/// Does what a claimed step asks for, over NATS, and returns what came of it. Never throws: every error is an
/// outcome.
core::Task<workflow::Event> attempt(messaging::Client& client, const AttemptLimits& limits,
                                    const Claim& claim);

}  // namespace lintel::workflows
