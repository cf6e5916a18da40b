#pragma once

#include <cstddef>

#include "hold_repository.hpp"

namespace lintel::inventory {

/// Gives back what nobody has confirmed in time. Any number of replicas may do it at once; none waits for a
/// lock: what somebody else is at is left for the next time. Errors as storage::Pool's.
class HoldExpiry {
public:
    explicit HoldExpiry(HoldRepository& holds);

    core::Task<void> run(telemetry::Context context);

private:
    HoldRepository& holds_;
};

}  // namespace lintel::inventory
