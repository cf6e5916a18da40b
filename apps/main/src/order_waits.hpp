#pragma once

#include <chrono>
#include <mutex>
#include <unordered_map>

#include "lintel/core/completion.hpp"
#include "order_repository.hpp"

namespace lintel::main {

/// Requests that wait until an order is confirmed or rejected. Whoever decides about an order in this process
/// wakes them; what another main decides is found by a look at all orders that are waited for, taken by one
/// of the waiters for all and no more often than `poll`. Thread-safe; `repository` outlives it.
class OrderWaits {
public:
    OrderWaits(OrderRepository& repository, core::Executor& executor, std::chrono::milliseconds poll);

    /// Returns once the order is no longer only placed, at `until`, or when all waits are ended. Never throws
    /// for what the database does meanwhile.
    core::Task<void> wait(telemetry::Context context, core::Id order, core::Deadline until);

    /// The order is decided about.
    void wake(const core::Id& order);

    /// Lets everybody go, for good.
    void end();

private:
    using Waiter = core::Completion<bool>;

    Waiter enter(const core::Id& order);
    bool has_ended();
    /// Forgets those who wait no longer.
    void leave(const core::Id& order);
    /// Whether this is the one to look; nobody else does before the next time.
    bool takes_look();
    core::Task<void> look(telemetry::Context context);

    OrderRepository& repository_;
    core::Executor& executor_;
    const std::chrono::milliseconds poll_;
    std::mutex mutex_;
    std::unordered_multimap<core::Id, Waiter> waiters_;
    core::Deadline::Clock::time_point next_look_{};
    bool has_ended_ = false;
};

}  // namespace lintel::main
