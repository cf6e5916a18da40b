#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "client_state.hpp"
#include "inbox.hpp"
#include "lintel/core/completion.hpp"

namespace lintel::messaging {

/// The attempts to get one answer: the first answer to any of them wins. Thread-safe.
class Attempts : public Inbox::Waiter, public std::enable_shared_from_this<Attempts> {
public:
    Attempts(std::shared_ptr<ClientState> state, Outgoing message);

    /// Throws when the message cannot be sent.
    void send();

    /// Keeps further attempts from being made once it is destroyed, and forgets those that were.
    class Hedging {
    public:
        explicit Hedging(std::shared_ptr<Attempts> attempts) noexcept : attempts_(std::move(attempts)) {}
        ~Hedging() { attempts_->end(); }
        Hedging(const Hedging&) = delete;
        Hedging& operator=(const Hedging&) = delete;

    private:
        std::shared_ptr<Attempts> attempts_;
    };
    /// Sends again every `wait` without an answer, at most `times` times and not after `deadline`.
    Hedging send_again_every(std::chrono::milliseconds wait, int times, core::Deadline deadline);

    core::Task<Incoming> answer(core::Deadline deadline);

    bool on_reply(Incoming reply, core::Burst& burst) override;
    void on_undelivered(const char* reason, core::Burst& burst) override;

private:
    /// With the mutex held.
    void schedule_next(std::chrono::milliseconds wait, core::Deadline deadline);
    void send_again(std::chrono::milliseconds wait, core::Deadline deadline);
    void forget(std::uint64_t token);
    void end();

    const std::shared_ptr<ClientState> state_;
    const Outgoing message_;
    core::Completion<Incoming> done_;
    std::mutex mutex_;
    std::vector<std::uint64_t> tokens_;
    std::size_t undelivered_ = 0;
    bool ended_ = false;
    int hedges_left_ = 0;
    core::TimerHandle timer_;
};

/// Several answers to one request, in the order they came. One reader; thread-safe otherwise.
class AnswerStream : public Inbox::Waiter, public std::enable_shared_from_this<AnswerStream> {
public:
    AnswerStream(std::shared_ptr<ClientState> state, Outgoing message);

    void send();
    void end();
    core::Task<Incoming> next(core::Deadline deadline);

    bool on_reply(Incoming reply, core::Burst& burst) override;
    void on_undelivered(const char* reason, core::Burst& burst) override;

private:
    /// One more than this and the stream is cut: the peer sends faster than we read.
    static constexpr std::size_t kQueuedMax = 1024;

    const std::shared_ptr<ClientState> state_;
    Outgoing message_;
    std::mutex mutex_;
    std::deque<Incoming> queue_;
    std::exception_ptr failure_;
    std::optional<core::Completion<bool>> reader_;
};

/// Ends a stream at the end of its scope.
class StreamEnd {
public:
    explicit StreamEnd(std::shared_ptr<AnswerStream> stream) noexcept : stream_(std::move(stream)) {}
    ~StreamEnd() { stream_->end(); }
    StreamEnd(const StreamEnd&) = delete;
    StreamEnd& operator=(const StreamEnd&) = delete;

private:
    std::shared_ptr<AnswerStream> stream_;
};

}  // namespace lintel::messaging
