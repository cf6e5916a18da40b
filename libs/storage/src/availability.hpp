#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "lintel/core/executor.hpp"
#include "lintel/storage/pool.hpp"

namespace lintel::storage {

/// Whether Postgres is there, judged by the last outcomes, and when the next attempt to connect may be made.
/// One backoff for all threads of a pool: a server that comes back is not met by all of them at once.
/// Thread-safe.
class Availability {
public:
    using Clock = std::chrono::steady_clock;

    Availability(core::Executor& executor, const PoolOptions& options);

    bool is_available() const noexcept { return available_.load(std::memory_order_acquire); }
    void on_change(std::function<void(bool)> changed);

    /// True when the caller may try to connect now; while Postgres is away that is one thread per backoff.
    bool try_claim_attempt();
    /// An attempt to connect, or a statement, was answered.
    void succeeded();
    /// An attempt to connect failed. Postgres counts as away once nothing has succeeded for a second, so that
    /// one refused connection among working ones does not take a replica out of service.
    void attempt_failed(const std::string& reason);
    /// Postgres let a statement wait for longer than it may.
    void fell_silent();

    /// When the watching thread should look next, if nothing else happens.
    Clock::time_point next_look() const;
    /// True when nothing has been heard from Postgres for the probe interval.
    bool is_probe_due() const noexcept;

private:
    void back_off();
    void set_unavailable(const std::string& reason);
    void announce(bool available);

    core::Executor& executor_;
    const PoolOptions& options_;
    std::atomic<bool> available_{false};
    std::atomic<bool> is_backing_off_{false};
    std::atomic<Clock::time_point> last_success_{Clock::time_point()};

    mutable std::mutex mutex_;
    std::chrono::milliseconds backoff_;
    Clock::time_point next_attempt_;
    std::string last_reason_;
    std::minstd_rand random_{std::random_device{}()};
    std::vector<std::function<void(bool)>> changed_;
};

}  // namespace lintel::storage
