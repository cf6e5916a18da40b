#pragma once

#include <chrono>

namespace lintel::service {

/// Takes SIGTERM and SIGINT out of their default course for all threads that start later, so that the main
/// thread can wait for them like for any other event. Made first in `main`.
class StopSignals {
public:
    StopSignals();

    /// Blocks until the process is asked to stop.
    void wait();
    /// True when it is asked to stop within `patience`.
    bool wait_for(std::chrono::milliseconds patience);

    /// From now on a second signal ends the process at once: whoever sends it does not want to wait for the
    /// drain.
    void end_at_once();
};

}  // namespace lintel::service
