#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "lintel/core/completion.hpp"
#include "lintel/core/executor.hpp"
#include "lintel/core/task.hpp"
#include "lintel/storage/job.hpp"
#include "lintel/telemetry/context.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace lintel::storage {

struct PoolOptions {
    /// A libpq URI or keyword string. What it sets itself wins over the options below.
    std::string url{};
    /// Seen in pg_stat_activity; also names the pool in metrics.
    std::string name = "lintel";
    /// Database threads, each with its own connection. They connect when they are first needed, the first at
    /// once.
    std::size_t connections = 4;
    /// Jobs that wait for a thread; more are refused at once.
    std::size_t queue_limit = 1024;
    /// For every Batch on this pool that does not say otherwise: items of one batch, and items that wait for
    /// one; more are refused at once.
    std::size_t batch_items = 128;
    std::size_t batch_queue_limit = 4096;

    std::chrono::milliseconds connect_timeout{3000};
    std::chrono::milliseconds statement_timeout{5000};
    std::chrono::milliseconds lock_timeout{2000};
    std::chrono::milliseconds idle_in_transaction_timeout{10000};
    /// Unacknowledged bytes end a TCP connection after this.
    std::chrono::milliseconds tcp_user_timeout{10000};
    std::chrono::seconds keepalive_idle{30};
    /// How much longer than statement_timeout a silent server is waited for before the connection is cut: the
    /// server cannot cancel a statement when it does not run itself.
    std::chrono::milliseconds silence_grace{1000};

    /// Between attempts to connect: doubles from the first to the second, with jitter.
    std::chrono::milliseconds reconnect_backoff{100};
    std::chrono::milliseconds reconnect_backoff_max{1000};
    /// A statement that asks whether Postgres is there is sent when nothing else was for this long.
    std::chrono::milliseconds probe_interval{2000};
    int serialization_retries = 3;
};

namespace detail {
template <typename Value, typename Body>
class CallJob;
}

/// The way to one Postgres database: a few threads, each with its connection, behind one bounded queue.
///
/// Every call returns a Task that continues on the executor. A waiter is let go at its own deadline, also
/// while the database thread is stuck; a job whose deadline passes before its first statement is never run.
/// Errors of all calls: `unavailable` (queue full, closing, database away, the deadline passed while the job
/// waited; nothing has happened), `deadline_exceeded` (unknown outcome), DatabaseError. Thread-safe. Must
/// outlive every Batch and Outbox on it.
class Pool {
public:
    Pool(core::Executor& executor, telemetry::Metrics& metrics, PoolOptions options);
    /// Closes with a deadline of five seconds.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Runs `body(Transaction&)` on a database thread and returns what it returns, after the commit.
    ///
    /// The body may be run more than once (see Runner::run()): it must not use up what it has captured, and
    /// has no effect but through the transaction. It must not keep the Transaction.
    template <typename Body>
    core::Task<std::invoke_result_t<Body&, Transaction&>> transact(telemetry::Context context, Body body)
    {
        return call(std::move(context), std::move(body), RunOptions{Mode::transaction, false});
    }

    /// One statement that only reads, or that may be repeated; in one round trip. Repeated once on a new
    /// connection when the old one is lost.
    template <typename... Values>
    core::Task<Rows> query(telemetry::Context context, const Query& query, Values&&... values)
    {
        return statement(std::move(context), query, pack(std::forward<Values>(values)...), true);
    }

    /// One statement that must not be repeated, in one round trip. A connection that is lost meanwhile leaves
    /// its outcome unknown.
    template <typename... Values>
    core::Task<Rows> execute(telemetry::Context context, const Query& query, Values&&... values)
    {
        return statement(std::move(context), query, pack(std::forward<Values>(values)...), false);
    }

    /// Queues `job`, or throws Error{unavailable} when the pool is closed or, unless `reserved`, full.
    /// `reserved` is for callers that bound their jobs themselves.
    void submit(std::unique_ptr<Job> job, bool reserved = false);

    /// What the last outcomes say; cheap. False until the first connection stands. While it is false, jobs
    /// fail at once and one thread keeps trying.
    bool is_available() const noexcept;
    /// `changed` is called on the executor whenever is_available() changes from now on.
    void on_availability_change(std::function<void(bool available)> changed);

    /// Refuses new jobs, fails those that wait, lets those that run finish until `deadline`, then cuts their
    /// connections. Blocks: call it from main, not from the executor. Calling it twice is harmless.
    void close(core::Deadline deadline);

    core::Executor& executor() noexcept;
    telemetry::Metrics& metrics() noexcept;
    const PoolOptions& options() const noexcept;

private:
    template <typename... Values>
    static std::vector<Parameter> pack(Values&&... values)
    {
        std::vector<Parameter> parameters;
        parameters.reserve(sizeof...(values));
        (parameters.emplace_back(std::forward<Values>(values)), ...);
        return parameters;
    }
    template <typename Body>
    core::Task<std::invoke_result_t<Body&, Transaction&>> call(telemetry::Context context, Body body,
                                                               RunOptions options);
    core::Task<Rows> statement(telemetry::Context context, Query query, std::vector<Parameter> parameters,
                               bool repeatable);

    class State;
    std::unique_ptr<State> state_;
};

namespace detail {

/// What a waiter is told at its deadline: while its work still waits for the database, and after.
inline constexpr const char* kNoTime = "the database had no time for this; nothing has happened";
inline constexpr const char* kNoAnswer = "the database did not answer in time; the outcome is unknown";

/// A body whose result one coroutine waits for.
template <typename Value, typename Body>
class CallJob final : public Job {
public:
    CallJob(core::Deadline deadline, RunOptions options, Body body, core::Completion<Value> done)
        : deadline_(deadline), options_(options), body_(std::move(body)), done_(std::move(done))
    {
    }

    core::Deadline deadline() const noexcept override { return deadline_; }

    void run(Runner& runner, core::Burst& ready) noexcept override
    {
        try {
            std::optional<Value> value;
            bool has_begun = false;
            runner.run(options_, [&](Transaction& transaction) {
                // Here and not before: until the connection stands nothing has happened.
                if (!has_begun && !done_.begin()) throw core::Error(core::ErrorCode::unavailable, kNoTime);
                has_begun = true;
                if constexpr (std::is_void_v<std::invoke_result_t<Body&, Transaction&>>) {
                    body_(transaction);
                    value.emplace();
                } else {
                    value.emplace(body_(transaction));
                }
            });
            done_.set_value(std::move(*value), ready);
        } catch (...) {
            done_.set_error(std::current_exception(), ready);
        }
    }

    void fail(const std::exception_ptr& error, core::Burst& ready) noexcept override
    {
        done_.set_error(error, ready);
    }

private:
    core::Deadline deadline_;
    RunOptions options_;
    Body body_;
    core::Completion<Value> done_;
};

}  // namespace detail

template <typename Body>
core::Task<std::invoke_result_t<Body&, Transaction&>> Pool::call(telemetry::Context context, Body body,
                                                                 RunOptions options)
{
    using Result = std::invoke_result_t<Body&, Transaction&>;
    using Value = std::conditional_t<std::is_void_v<Result>, std::monostate, Result>;
    core::Completion<Value> done(executor());
    submit(std::make_unique<detail::CallJob<Value, Body>>(context.deadline, options, std::move(body), done));
    auto waiting = done.wait_for_work(context.deadline, detail::kNoTime, detail::kNoAnswer);
    if constexpr (std::is_void_v<Result>)
        co_await std::move(waiting);
    else
        co_return co_await std::move(waiting);
}

}  // namespace lintel::storage
