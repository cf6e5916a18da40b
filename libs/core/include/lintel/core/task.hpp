#pragma once

#include <coroutine>
#include <exception>
#include <future>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace lintel::core {

template <typename T>
class Task;

namespace detail {

class TaskPromiseBase {
public:
    struct FinalAwaiter {
        bool await_ready() const noexcept { return false; }
        template <typename Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept
        {
            return done.promise().continuation_;
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() const noexcept { return {}; }
    FinalAwaiter final_suspend() const noexcept { return {}; }
    void continue_with(std::coroutine_handle<> continuation) noexcept { continuation_ = continuation; }

private:
    std::coroutine_handle<> continuation_ = std::noop_coroutine();
};

template <typename T>
class TaskPromise final : public TaskPromiseBase {
public:
    Task<T> get_return_object() noexcept;
    template <typename U>
    void return_value(U&& value)
    {
        result_.template emplace<1>(std::forward<U>(value));
    }
    void unhandled_exception() noexcept { result_.template emplace<2>(std::current_exception()); }

    T take()
    {
        if (result_.index() == 2) std::rethrow_exception(std::get<2>(result_));
        return std::move(std::get<1>(result_));
    }

private:
    std::variant<std::monostate, T, std::exception_ptr> result_;
};

template <>
class TaskPromise<void> final : public TaskPromiseBase {
public:
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { error_ = std::current_exception(); }

    void take() const
    {
        if (error_) std::rethrow_exception(error_);
    }

private:
    std::exception_ptr error_;
};

}  // namespace detail

/// The return type of a coroutine. It starts when it is awaited, runs on the thread that resumes it and hands
/// its result, or its exception, to the one coroutine that awaits it. Destroying an unfinished Task destroys
/// the frame.
///
/// A parameter that is a reference must outlive the Task: take by value whatever the caller may drop.
template <typename T = void>
class [[nodiscard]] Task {
public:
    using promise_type = detail::TaskPromise<T>;

    explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
    Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    Task& operator=(Task&& other) noexcept
    {
        if (this != &other) {
            if (frame_) frame_.destroy();
            frame_ = std::exchange(other.frame_, nullptr);
        }
        return *this;
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task()
    {
        if (frame_) frame_.destroy();
    }

    auto operator co_await() && noexcept
    {
        struct Awaiter {
            std::coroutine_handle<promise_type> frame;

            bool await_ready() const noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) const noexcept
            {
                frame.promise().continue_with(awaiting);
                return frame;
            }
            T await_resume() const { return frame.promise().take(); }
        };
        return Awaiter{frame_};
    }

private:
    std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <typename T>
Task<T> TaskPromise<T>::get_return_object() noexcept
{
    return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

inline Task<void> TaskPromise<void>::get_return_object() noexcept
{
    return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

/// A coroutine that starts at once, owns itself and ends the process when an exception reaches its root.
struct Detached {
    struct promise_type {
        Detached get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
    };
};

inline Detached run_detached(Task<void> task)
{
    co_await std::move(task);
}

template <typename T>
Detached run_into(Task<T> task, std::promise<T>& result)
{
    try {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(task);
            result.set_value();
        } else {
            result.set_value(co_await std::move(task));
        }
    } catch (...) {
        result.set_exception(std::current_exception());
    }
}

}  // namespace detail

/// Starts `task` on the calling thread and lets it run on its own. The task must handle its errors: an
/// exception that escapes it is a defect of the program and ends the process.
inline void spawn(Task<void> task)
{
    detail::run_detached(std::move(task));
}

/// Starts `task` and blocks the calling thread until it ends. For `main` and tests; on an executor thread it
/// would wait for itself.
template <typename T>
T sync_wait(Task<T> task)
{
    std::promise<T> result;
    auto done = result.get_future();
    detail::run_into(std::move(task), result);
    return done.get();
}

}  // namespace lintel::core
