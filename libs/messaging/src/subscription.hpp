#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "nats_handles.hpp"

namespace lintel::messaging {

/// What this process wants to hear, whether or not there is a connection to hear it on.
struct Subscription {
    std::string subject;
    /// Empty: every subscriber gets every message.
    std::string queue_group;
    /// Called on the connection's loop with what arrived in one read; must only hand over.
    std::function<void(std::vector<Incoming>)> deliver;
    /// False: not asked for (again) at the broker.
    std::atomic<bool> wanted{true};
};

}  // namespace lintel::messaging
