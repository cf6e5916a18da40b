#pragma once

#include <atomic>
#include <coroutine>
#include <exception>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "lintel/core/deadline.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/executor.hpp"

namespace lintel::core {

/// Continuations that became ready together. They are posted as one when the burst ends, which keeps a
/// thousand replies from costing a thousand wake-ups. Used by one thread at a time.
class Burst {
public:
    explicit Burst(Executor& executor) noexcept : executor_(executor) {}
    ~Burst() { flush(); }
    Burst(const Burst&) = delete;
    Burst& operator=(const Burst&) = delete;

    void add(std::coroutine_handle<> continuation) { ready_.push_back(continuation); }
    void flush()
    {
        if (!ready_.empty()) executor_.post(std::exchange(ready_, {}));
    }

private:
    Executor& executor_;
    std::vector<std::coroutine_handle<>> ready_;
};

/// A result that one coroutine waits for and several parties may offer: the first of them wins, whether it is
/// the reply, the deadline or the shutdown; every later one is told that it lost and changes nothing.
///
/// Copies share one state, so an offer may come from any thread, also long after the waiter is gone. The
/// waiter always continues on the executor, never on the thread that made the offer.
template <typename T>
class Completion {
public:
    explicit Completion(Executor& executor) : state_(std::make_shared<State>(executor)) {}

    bool set_value(T value)
    {
        if (!state_->claim()) return false;
        state_->result.template emplace<1>(std::move(value));
        state_->publish(nullptr);
        return true;
    }
    bool set_value(T value, Burst& burst)
    {
        if (!state_->claim()) return false;
        state_->result.template emplace<1>(std::move(value));
        state_->publish(&burst);
        return true;
    }
    bool set_error(std::exception_ptr error)
    {
        if (!state_->claim()) return false;
        state_->result.template emplace<2>(std::move(error));
        state_->publish(nullptr);
        return true;
    }
    bool set_error(std::exception_ptr error, Burst& burst)
    {
        if (!state_->claim()) return false;
        state_->result.template emplace<2>(std::move(error));
        state_->publish(&burst);
        return true;
    }

    /// True once an offer has been taken; work whose result nobody waits for may be skipped.
    bool is_settled() const noexcept
    {
        return state_->progress.load(std::memory_order_acquire) == Progress::settled;
    }

    /// The work behind the result begins: from now on a deadline leaves its outcome unknown. False when the
    /// result is there or the waiter has been let go: the work must not be done then. See wait_for_work().
    bool begin() noexcept
    {
        auto expected = Progress::waiting;
        return state_->progress.compare_exchange_strong(expected, Progress::begun,
                                                        std::memory_order_acq_rel) ||
               expected == Progress::begun;
    }

    /// Waits for the result, at most until `deadline`; throws Error{deadline_exceeded, `on_timeout`} after
    /// that. Await it once.
    Task<T> wait(Deadline deadline, const char* on_timeout = "the deadline has passed")
    {
        return settle_by(deadline, ErrorCode::deadline_exceeded, on_timeout, on_timeout);
    }

    /// The same for work that says when it begins: throws Error{unavailable, `not_begun`} when the deadline
    /// finds it still waiting, and then begin() returns false for ever; Error{deadline_exceeded, `begun`}
    /// later.
    Task<T> wait_for_work(Deadline deadline, const char* not_begun, const char* begun)
    {
        return settle_by(deadline, ErrorCode::unavailable, not_begun, begun);
    }

private:
    enum class Progress { waiting, begun, settled };

    Task<T> settle_by(Deadline deadline, ErrorCode code_not_begun, const char* not_begun, const char* begun)
    {
        auto state = state_;
        auto timer = state->executor.call_at(deadline, [state, code_not_begun, not_begun, begun] {
            const auto before = state->progress.exchange(Progress::settled, std::memory_order_acq_rel);
            if (before == Progress::settled) return;
            state->result.template emplace<2>(
                std::make_exception_ptr(before == Progress::begun ? Error(ErrorCode::deadline_exceeded, begun)
                                                                  : Error(code_not_begun, not_begun)));
            state->publish(nullptr);
        });
        co_await Awaiter{*state};
        timer.cancel();
        if (state->result.index() == 2) std::rethrow_exception(std::get<2>(state->result));
        co_return std::move(std::get<1>(state->result));
    }

    struct State {
        explicit State(Executor& on) : executor(on) {}

        bool claim() noexcept
        {
            return progress.exchange(Progress::settled, std::memory_order_acq_rel) != Progress::settled;
        }

        void publish(Burst* burst)
        {
            // The waiter and the winner meet here: whoever comes second finds the other's mark.
            void* waiter = meeting.exchange(this, std::memory_order_acq_rel);
            if (waiter == nullptr) return;
            auto continuation = std::coroutine_handle<>::from_address(waiter);
            if (burst)
                burst->add(continuation);
            else
                executor.post(continuation);
        }

        Executor& executor;
        std::atomic<Progress> progress{Progress::waiting};
        std::atomic<void*> meeting{nullptr};
        std::variant<std::monostate, T, std::exception_ptr> result;
    };

    struct Awaiter {
        State& state;
        bool await_ready() const noexcept { return state.meeting.load(std::memory_order_acquire) != nullptr; }
        bool await_suspend(std::coroutine_handle<> awaiting) const noexcept
        {
            void* expected = nullptr;
            return state.meeting.compare_exchange_strong(expected, awaiting.address(),
                                                         std::memory_order_acq_rel);
        }
        void await_resume() const noexcept {}
    };

    std::shared_ptr<State> state_;
};

}  // namespace lintel::core
