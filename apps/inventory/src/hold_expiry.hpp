#pragma once

#include <cstddef>

#include "hold_repository.hpp"

namespace lintel::inventory {

/// Gives back what nobody has confirmed in time. Any number of replicas may do it at once; none waits for a
/// lock: a sweep looks at each hold that is due once, and leaves what somebody else is at for the next one.
/// Errors as storage::Pool's.
class HoldExpiry {
public:
    explicit HoldExpiry(HoldRepository& holds);

    core::Task<void> run(telemetry::Context context);

private:
    HoldRepository& holds_;
};

}  // namespace lintel::inventory
