#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "lintel/core/completion.hpp"
#include "lintel/storage/batch.hpp"
#include "lintel/storage/outbox.hpp"

namespace lintel::storage {

/// The moving part of an Outbox. Its coroutines refer to it: it may go once it is idle after stop().
class Outbox::Relay {
public:
    Relay(Pool& pool, OutboxOptions options, Deliver deliver);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    void start();
    void stop() noexcept;
    void wake() noexcept;
    core::Task<bool> drain(core::Deadline deadline);
    /// Blocks until no coroutine refers to the relay any more; false when `patience` is over first.
    bool wait_until_idle(std::chrono::milliseconds patience);

    core::Task<void> close(telemetry::Context context, core::Id id);
    void close_later(core::Id id) { closes_.submit_detached(id); }
    core::Task<std::vector<IntentView>> list(telemetry::Context context,
                                             std::optional<IntentView::State> state, core::Id after,
                                             std::size_t limit);
    core::Task<std::optional<IntentView>> retry(telemetry::Context context, core::Id id);

private:
    using Clock = core::Deadline::Clock;
    using Kind = DeliveryOutcome::Kind;

    /// What the pool and timers call; it may outlive the relay.
    struct Waker {
        std::mutex mutex;
        Relay* relay;

        void wake() noexcept;
    };

    /// What a delivery that did not succeed writes.
    struct SetBack {
        core::Id id;
        int attempt;
        const char* state;
        std::chrono::milliseconds wait;
        std::string reason;
    };

    static std::vector<bool> write_set_backs(Transaction& transaction, std::span<const SetBack> items);

    core::Task<void> run();
    /// Claims and starts deliveries; true when more may be due at once.
    core::Task<bool> round();
    core::Task<std::vector<Intent>> claim(std::size_t limit);
    core::Task<void> measure();
    /// Until `until`, or wake(); not before `earliest`.
    core::Task<void> rest(core::Deadline until, core::Deadline earliest);

    core::Task<void> deliver_one(Intent intent);
    core::Task<DeliveryOutcome> attempt(Intent intent);
    core::Task<void> settle(core::Id id, int attempt, DeliveryOutcome outcome);
    core::Task<void> set_back(SetBack what);

    void begin() noexcept;
    /// The last thing that a coroutine does to the relay.
    void end() noexcept;
    std::size_t claim_limit() const;
    void was_answered();
    void was_not_answered();
    /// Looks again after `wait`, if the relay is still there.
    void wake_in(std::chrono::milliseconds wait);
    /// When to look again, and when at the earliest.
    std::pair<core::Deadline, core::Deadline> next_round(bool may_be_more);
    std::chrono::milliseconds backoff(int failures) const noexcept;

    const std::shared_ptr<Waker> waker_;
    Pool& pool_;
    const OutboxOptions options_;
    const Deliver deliver_;
    Batch<core::Id, bool> closes_;
    Batch<SetBack, bool> set_backs_;

    telemetry::Gauge pending_;
    telemetry::Gauge failed_;
    telemetry::Gauge oldest_age_;
    telemetry::Counter delivered_count_;
    telemetry::Counter refused_count_;
    telemetry::Counter retry_count_;

    mutable std::mutex mutex_;
    std::condition_variable idle_;
    std::size_t under_way_ = 0;
    bool is_stopping_ = false;
    bool is_woken_ = false;
    std::optional<core::Completion<bool>> resting_;
    /// While nobody answers, few deliveries are tried: the peer is away, and every attempt costs it and us.
    /// An answer of any kind ends that.
    std::size_t claim_limit_;
    std::size_t last_claimed_ = 0;
    int failures_in_a_row_ = 0;
    Clock::time_point next_measure_{};
};

}  // namespace lintel::storage
