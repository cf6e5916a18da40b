#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace lintel::messaging {

class Link;

/// What ends the rest of a connection's own thread: work for it, the loss of its link, or the end.
struct Wakeup {
    /// Runs with the link there is, or nullptr.
    using Task = std::function<void(Link*)>;

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Task> tasks;
    bool link_lost = false;
    bool closing = false;
};

}  // namespace lintel::messaging
