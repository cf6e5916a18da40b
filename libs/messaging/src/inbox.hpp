#pragma once

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

/// The one subscription all answers to this process come in on, `_INBOX.<unique>.*`: the last token of the
/// subject says which call an answer belongs to. Its name outlives the connection to the broker, so that an
/// answer may still come after a reconnect. Thread-safe.
class Inbox {
public:
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
    std::string subject_of(std::uint64_t token) const { return prefix_ + std::to_string(token); }

    std::uint64_t add(std::shared_ptr<Waiter> waiter);
    void remove(std::uint64_t token);

    void deliver(std::vector<Incoming> replies);
    void undelivered(const std::vector<std::uint64_t>& tokens);

private:
    std::shared_ptr<Waiter> find(std::uint64_t token);
    void deliver_one(Incoming reply, core::Burst& burst);

    core::Executor& executor_;
    telemetry::Counter late_;
    const std::string prefix_;
    std::mutex mutex_;
    std::uint64_t last_token_ = 0;
    std::unordered_map<std::uint64_t, std::shared_ptr<Waiter>> waiters_;
};

}  // namespace lintel::messaging
