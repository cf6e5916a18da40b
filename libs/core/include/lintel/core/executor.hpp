#pragma once

#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "lintel/core/deadline.hpp"
#include "lintel/core/task.hpp"

namespace boost::asio {
class io_context;
}

namespace lintel::core {

/// A call that will be made once, at or a few milliseconds after its time, unless it is cancelled first.
/// Owned by the Executor that made it; hold it through the handle.
class TimerHandle;

/// Where coroutines continue: a view of the process's one io_context, with a timer wheel on it.
///
/// Thread-safe. Must outlive every coroutine that runs on it. Work posted after the io_context stopped is
/// never run.
class Executor {
public:
    /// `context` must outlive the executor; its threads belong to the owner of `context`.
    explicit Executor(boost::asio::io_context& context);
    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    void post(std::function<void()> work);
    void post(std::coroutine_handle<> continuation);

    /// One post that resumes all of `continuations` in order on one thread: for a batch of results that came
    /// together. From an executor thread, that thread resumes them once it has returned from what it does.
    void post(std::vector<std::coroutine_handle<>> continuations);

    /// `co_await executor.schedule()` continues on an executor thread.
    auto schedule() noexcept
    {
        struct Awaiter {
            Executor& executor;
            bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<> awaiting) const { executor.post(awaiting); }
            void await_resume() const noexcept {}
        };
        return Awaiter{*this};
    }

    /// Calls `work` on an executor thread once `deadline` has passed, never before; at most `kTimerTick` late
    /// while a thread is free. `work` must be short and must not throw.
    TimerHandle call_at(Deadline deadline, std::function<void()> work);

    /// Resumes the caller after `duration`.
    Task<void> sleep(Deadline::Clock::duration duration);

    boost::asio::io_context& context() noexcept { return context_; }

    static constexpr std::chrono::milliseconds kTimerTick{5};

private:
    friend class TimerHandle;
    class Wheel;

    boost::asio::io_context& context_;
    std::shared_ptr<Wheel> wheel_;
};

class TimerHandle {
public:
    TimerHandle() noexcept = default;

    /// True when the call will not be made any more; false when it has been made or is being made now.
    /// Cancelling twice, or an empty handle, is harmless. Does not wait for a call under way.
    bool cancel() noexcept;

    struct Entry;

private:
    friend class Executor;
    TimerHandle(std::weak_ptr<Executor::Wheel> wheel, std::shared_ptr<Entry> entry) noexcept;

    std::weak_ptr<Executor::Wheel> wheel_;
    std::shared_ptr<Entry> entry_;
};

/// An io_context with its own threads, for tests and tools that have no HTTP runtime to share one with.
class IoThreads {
public:
    explicit IoThreads(unsigned threads = 2);
    ~IoThreads();
    IoThreads(const IoThreads&) = delete;
    IoThreads& operator=(const IoThreads&) = delete;

    Executor& executor() noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lintel::core
