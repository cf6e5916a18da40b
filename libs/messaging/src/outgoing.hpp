#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "lintel/core/deadline.hpp"
#include "lintel/messaging/message.hpp"

namespace lintel::messaging {

/// A message on its way out.
struct Outgoing {
    std::string subject;
    std::string reply;
    std::string payload;
    Headers headers;
    /// The call that waits for the answer; 0 when none does.
    std::uint64_t token = 0;

    std::size_t size() const noexcept;
};

/// Throws Error{invalid} when the subject or a header has characters that NATS cannot carry.
void check_sendable(const Outgoing& message);

/// What has been published and not yet been given to nats.c: it fills while continuations run and is emptied
/// at once, so that what they publish together leaves in one write. Closed while there is no connection.
/// Thread-safe.
class OutgoingQueue {
public:
    enum class Result { queued, closed, full };

    explicit OutgoingQueue(std::size_t bytes_max) noexcept : bytes_max_(bytes_max) {}

    /// Takes messages from now on and calls `on_first` whenever the first one comes into the empty queue.
    void open(std::function<void()> on_first);
    /// Refuses messages from now on and returns those that will not be sent.
    std::vector<Outgoing> close();

    Result push(Outgoing message);
    std::vector<Outgoing> take();

    /// False when messages still wait at `deadline`.
    bool wait_until_empty(core::Deadline deadline);
    std::size_t bytes() const;

private:
    const std::size_t bytes_max_;
    mutable std::mutex mutex_;
    std::condition_variable emptied_;
    std::function<void()> on_first_;
    std::vector<Outgoing> messages_;
    std::size_t bytes_ = 0;
};

}  // namespace lintel::messaging
