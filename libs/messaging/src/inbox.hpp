#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "lintel/core/completion.hpp"
#include "lintel/core/executor.hpp"
#include "lintel/telemetry/metrics.hpp"
#include "nats_handles.hpp"

namespace lintel::messaging {

/// Where all answers to this process come in, below `_INBOX.<unique>.`: the last token of the subject says
/// which call an answer belongs to. Its name outlives the connection to the broker, so that an answer may
/// still come after a reconnect. Thread-safe.
///
/// Most answers come by lanes, synchronous subscriptions of nats.c, because the connection's loop collects
/// those itself; any other answer has to come through a thread of nats.c and back. But a synchronous
/// subscription swallows the broker's word that nobody is subscribed and does not tell which call it was
/// about. So a lane has one call at a time, and only a call that wants one answer.
class Inbox {
public:
    static constexpr std::size_t kLanes = 64;
    enum class Answers { one, many };

    /// What a waiting call is told.
    class Waiter {
    public:
        virtual ~Waiter() = default;
        /// An answer; false when the call does not want another one. Continuations go into `burst`.
        virtual bool on_reply(Incoming reply, core::Burst& burst) = 0;
        /// The request has not been delivered and will not be.
        virtual void on_undelivered(const char* reason, core::Burst& burst) = 0;
    };

    Inbox(core::Executor& executor, telemetry::Metrics& metrics);

    /// What to subscribe to.
    std::string wildcard() const { return prefix_ + "*"; }
    std::string lane_wildcard(std::size_t lane) const { return prefix_ + std::to_string(lane) + ".*"; }

    /// The token of a call to be sent. With a lane, if one is free.
    std::uint64_t add(std::shared_ptr<Waiter> waiter, Answers answers);
    std::string subject_of(std::uint64_t token) const;
    /// The call waits no longer; its answer may still come.
    void give_up(std::uint64_t token);
    /// The call has not been sent.
    void withdraw(std::uint64_t token);

    /// So many lanes have been used; the others have nothing to collect.
    std::size_t lanes_used() const noexcept { return lanes_used_.load(std::memory_order_relaxed); }
    void deliver(std::vector<Incoming> replies);
    /// The broker's word about the call that has the lane.
    void nobody_answers(std::size_t lane);
    void undelivered(const std::vector<std::uint64_t>& tokens);
    /// The connection is lost, and with it what the broker would have said about the calls that have lanes.
    void free_lanes();

private:
    std::shared_ptr<Waiter> find(std::uint64_t token);
    std::shared_ptr<Waiter> take(std::uint64_t token);
    /// With the mutex held.
    std::size_t free_lane() const noexcept;
    void leave_lane(std::uint64_t token) noexcept;
    void deliver_one(Incoming reply, core::Burst& burst);

    core::Executor& executor_;
    telemetry::Counter late_;
    const std::string prefix_;
    std::mutex mutex_;
    std::uint64_t calls_ = 0;
    /// The token of the call that has the lane, 0 for none.
    std::array<std::uint64_t, kLanes> lanes_{};
    std::atomic<std::size_t> lanes_used_{0};
    std::unordered_map<std::uint64_t, std::shared_ptr<Waiter>> waiters_;
};

}  // namespace lintel::messaging
