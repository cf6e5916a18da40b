#include "lintel/core/executor.hpp"

#include <boost/asio/defer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "timer_wheel.hpp"

namespace lintel::core {

Executor::Executor(boost::asio::io_context& context)
    : context_(context), wheel_(std::make_shared<Wheel>(context))
{
}

Executor::~Executor()
{
    wheel_->stop();
}

void Executor::post(std::function<void()> work)
{
    boost::asio::post(context_, std::move(work));
}

void Executor::post(std::coroutine_handle<> continuation)
{
    boost::asio::post(context_, [continuation] { continuation.resume(); });
}

void Executor::post(std::vector<std::coroutine_handle<>> continuations)
{
    boost::asio::defer(context_, [ready = std::move(continuations)] {
        for (auto continuation : ready)
            continuation.resume();
    });
}

TimerHandle Executor::call_at(Deadline deadline, std::function<void()> work)
{
    return TimerHandle(wheel_, wheel_->add(deadline.time(), std::move(work)));
}

Task<void> Executor::sleep(Deadline::Clock::duration duration)
{
    struct Awaiter {
        Executor& executor;
        Deadline deadline;
        bool await_ready() const noexcept { return deadline.has_passed(); }
        void await_suspend(std::coroutine_handle<> awaiting) const
        {
            // The local copies outlive this awaiter, which may be gone as soon as the timer is set.
            Executor& on = executor;
            on.call_at(deadline, [&on, awaiting] { on.post(awaiting); });
        }
        void await_resume() const noexcept {}
    };
    co_await Awaiter{*this, Deadline::after(duration)};
}

TimerHandle::TimerHandle(std::weak_ptr<Executor::Wheel> wheel, std::shared_ptr<Entry> entry) noexcept
    : wheel_(std::move(wheel)), entry_(std::move(entry))
{
}

bool TimerHandle::cancel() noexcept
{
    const auto wheel = wheel_.lock();
    const auto entry = std::exchange(entry_, nullptr);
    return wheel && entry && wheel->remove(*entry);
}

}  // namespace lintel::core
