#include "lintel/core/gate.hpp"

#include "lintel/core/completion.hpp"

namespace lintel::core {

std::optional<Gate::Pass> Gate::try_enter() noexcept
{
    std::lock_guard lock(mutex_);
    if (closed_ || in_flight_ == limit_) return std::nullopt;
    ++in_flight_;
    return Pass(*this);
}

void Gate::close() noexcept
{
    std::lock_guard lock(mutex_);
    closed_ = true;
}

bool Gate::is_closed() const noexcept
{
    std::lock_guard lock(mutex_);
    return closed_;
}

std::size_t Gate::in_flight() const noexcept
{
    std::lock_guard lock(mutex_);
    return in_flight_;
}

Task<bool> Gate::drain(Executor& executor, Deadline deadline)
{
    Completion<bool> empty(executor);
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        if (in_flight_ == 0) co_return true;
        on_empty_ = [empty]() mutable { empty.set_value(true); };
    }
    try {
        co_return co_await empty.wait(deadline);
    } catch (const Error&) {
        co_return false;
    }
}

void Gate::leave() noexcept
{
    std::function<void()> on_empty;
    {
        std::lock_guard lock(mutex_);
        if (--in_flight_ > 0 || !on_empty_) return;
        on_empty.swap(on_empty_);
    }
    on_empty();
}

}  // namespace lintel::core
