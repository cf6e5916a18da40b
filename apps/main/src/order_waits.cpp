#include "order_waits.hpp"

#include <algorithm>

#include "lintel/core/error.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::main {

OrderWaits::OrderWaits(OrderRepository& repository, core::Executor& executor, std::chrono::milliseconds poll)
    : repository_(repository), executor_(executor), poll_(poll)
{
}

core::Task<void> OrderWaits::wait(telemetry::Context context, core::Id order, core::Deadline until)
{
    context.deadline = std::min(context.deadline, until);
    for (bool is_decided = false; !is_decided && !until.has_passed() && !has_ended();) {
        auto waiter = enter(order);
        if (takes_look()) co_await look(context);
        auto timer = executor_.call_at(until.at_most(poll_), [waiter]() mutable { waiter.set_value(false); });
        auto waiting = waiter.wait(core::Deadline::after(until.remaining() + poll_ + std::chrono::hours(1)));
        is_decided = co_await std::move(waiting);
        timer.cancel();
        leave(order);
    }
}

void OrderWaits::wake(const core::Id& order)
{
    std::lock_guard lock(mutex_);
    const auto [begin, end] = waiters_.equal_range(order);
    for (auto at = begin; at != end; ++at)
        at->second.set_value(true);
    waiters_.erase(begin, end);
}

void OrderWaits::end()
{
    std::lock_guard lock(mutex_);
    has_ended_ = true;
    for (auto& [order, waiter] : waiters_)
        waiter.set_value(false);
    waiters_.clear();
}

bool OrderWaits::has_ended()
{
    std::lock_guard lock(mutex_);
    return has_ended_;
}

OrderWaits::Waiter OrderWaits::enter(const core::Id& order)
{
    Waiter waiter(executor_);
    std::lock_guard lock(mutex_);
    if (has_ended_)
        waiter.set_value(false);
    else
        waiters_.emplace(order, waiter);
    return waiter;
}

void OrderWaits::leave(const core::Id& order)
{
    std::lock_guard lock(mutex_);
    const auto [begin, end] = waiters_.equal_range(order);
    for (auto at = begin; at != end;)
        at = at->second.is_settled() ? waiters_.erase(at) : std::next(at);
}

bool OrderWaits::takes_look()
{
    const auto now = core::Deadline::Clock::now();
    std::lock_guard lock(mutex_);
    if (now < next_look_) return false;
    next_look_ = now + poll_;
    return true;
}

core::Task<void> OrderWaits::look(telemetry::Context context)
{
    std::vector<core::Id> orders;
    {
        std::lock_guard lock(mutex_);
        for (const auto& [order, waiter] : waiters_)
            orders.push_back(order);
    }
    try {
        const auto decided = co_await repository_.list_decided(context, std::move(orders));
        for (const auto& order : decided)
            wake(order);
    } catch (const core::Error& error) {
        telemetry::log(telemetry::LogLevel::debug, context.trace, "orders that are waited for were not read",
                       {{"why", error.what()}});
    }
}

}  // namespace lintel::main
