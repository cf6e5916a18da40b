#include "lintel/storage/pool.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "conninfo.hpp"
#include "worker.hpp"

namespace lintel::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kCloseTimeout{5};

struct PoolMetrics {
    PoolMetrics(telemetry::Metrics& metrics, const std::string& pool)
        : idle(state(metrics, pool, "idle")),
          used(state(metrics, pool, "used")),
          pending(metrics.gauge("db_client_connection_pending_requests", "Jobs that wait for a connection.",
                                {{"db_client_connection_pool_name", pool}})),
          wait_time(metrics.histogram("db_client_connection_wait_time_seconds",
                                      "How long jobs waited for a connection.", telemetry::kDatabaseSeconds,
                                      {{"db_client_connection_pool_name", pool}})),
          timeouts(metrics.counter("db_client_connection_timeouts_total",
                                   "Jobs whose deadline passed before they had a connection.",
                                   {{"db_client_connection_pool_name", pool}})),
          refused(metrics.counter("db_client_connection_refused_total",
                                  "Jobs that were refused by a full queue.",
                                  {{"db_client_connection_pool_name", pool}}))
    {
    }

    static telemetry::Gauge state(telemetry::Metrics& metrics, const std::string& pool, const char* name)
    {
        return metrics.gauge(
            "db_client_connection_count", "Connections by state.",
            {{"db_client_connection_pool_name", pool}, {"db_client_connection_state", name}});
    }

    telemetry::Gauge idle;
    telemetry::Gauge used;
    telemetry::Gauge pending;
    telemetry::Histogram wait_time;
    telemetry::Counter timeouts;
    telemetry::Counter refused;
};

}  // namespace

class Pool::State {
public:
    State(core::Executor& executor, telemetry::Metrics& metrics, PoolOptions pool_options);

    void submit(std::unique_ptr<Job> job, bool reserved);
    void close(core::Deadline deadline);

    core::Executor& executor;
    telemetry::Metrics& metrics;
    const PoolOptions options;
    Availability availability;

private:
    struct Waiting {
        std::unique_ptr<Job> job;
        Clock::time_point since;
    };

    void serve(Worker& worker, bool watches);
    /// The next job; nothing when it is time to look after the connection, or to end.
    std::optional<Waiting> next(bool watches);
    void perform(Worker& worker, Waiting waiting);
    void fail_all(std::deque<Waiting> waiting);

    PoolMetrics counts_;
    WorkerShared shared_;
    std::vector<std::unique_ptr<Worker>> workers_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Waiting> queue_;
    std::size_t serving_ = 0;
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

Pool::State::State(core::Executor& on, telemetry::Metrics& to, PoolOptions pool_options)
    : executor(on),
      metrics(to),
      options(std::move(pool_options)),
      availability(on, options),
      counts_(to, options.name),
      shared_{on, to, options, make_conninfo(options), availability, counts_.idle, counts_.used}
{
    if (options.connections == 0) throw Error(ErrorCode::internal, "a pool needs at least one connection");
    for (std::size_t index = 0; index < options.connections; ++index)
        workers_.push_back(std::make_unique<Worker>(shared_));
    serving_ = workers_.size();
    for (auto& worker : workers_)
        threads_.emplace_back(
            [this, &worker = *worker, watches = threads_.empty()] { serve(worker, watches); });
}

void Pool::State::submit(std::unique_ptr<Job> job, bool reserved)
{
    {
        std::lock_guard lock(mutex_);
        if (closing_) throw Error(ErrorCode::unavailable, "this replica is shutting down");
        if (!reserved && queue_.size() >= options.queue_limit) {
            counts_.refused.add();
            throw Error(ErrorCode::unavailable, "too many requests wait for the database")
                .with_retry_after(std::chrono::seconds(1));
        }
        queue_.push_back({std::move(job), Clock::now()});
        counts_.pending.set(static_cast<double>(queue_.size()));
    }
    changed_.notify_one();
}

void Pool::State::serve(Worker& worker, bool watches)
{
    if (watches) worker.look();
    for (;;) {
        auto waiting = next(watches);
        if (waiting) {
            perform(worker, std::move(*waiting));
            continue;
        }
        std::unique_lock lock(mutex_);
        if (closing_) break;
        lock.unlock();
        worker.look();
    }
    std::lock_guard lock(mutex_);
    --serving_;
    changed_.notify_all();
}

std::optional<Pool::State::Waiting> Pool::State::next(bool watches)
{
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return closing_ || !queue_.empty(); };
    if (watches)
        changed_.wait_until(lock, availability.next_look(), ready);
    else
        changed_.wait(lock, ready);
    if (queue_.empty()) return std::nullopt;
    auto waiting = std::move(queue_.front());
    queue_.pop_front();
    counts_.pending.set(static_cast<double>(queue_.size()));
    return waiting;
}

void Pool::State::perform(Worker& worker, Waiting waiting)
{
    core::Burst ready(executor);
    counts_.wait_time.observe(std::chrono::duration<double>(Clock::now() - waiting.since).count());
    if (waiting.job->deadline().has_passed()) {
        counts_.timeouts.add();
        waiting.job->fail(std::make_exception_ptr(Error(ErrorCode::unavailable, detail::kNoTime)), ready);
        return;
    }
    waiting.job->run(worker, ready);
}

void Pool::State::fail_all(std::deque<Waiting> waiting)
{
    core::Burst ready(executor);
    const auto closed =
        std::make_exception_ptr(Error(ErrorCode::unavailable, "this replica is shutting down"));
    for (auto& each : waiting)
        each.job->fail(closed, ready);
}

void Pool::State::close(core::Deadline deadline)
{
    std::unique_lock lock(mutex_);
    if (std::exchange(closing_, true)) return;
    auto waiting = std::exchange(queue_, {});
    lock.unlock();
    changed_.notify_all();
    fail_all(std::move(waiting));
    lock.lock();
    if (!changed_.wait_until(lock, deadline.time(), [this] { return serving_ == 0; })) {
        for (auto& worker : workers_)
            worker->cut();
    }
    lock.unlock();
    for (auto& thread : threads_)
        thread.join();
    workers_.clear();
}

Pool::Pool(core::Executor& executor, telemetry::Metrics& metrics, PoolOptions options)
    : state_(std::make_unique<State>(executor, metrics, std::move(options)))
{
}

Pool::~Pool()
{
    close(core::Deadline::after(kCloseTimeout));
}

core::Task<Rows> Pool::statement(telemetry::Context context, Query query, std::vector<Parameter> parameters,
                                 bool repeatable)
{
    auto body = [query, parameters = std::move(parameters)](Transaction& transaction) {
        return transaction.exec_with(query, parameters);
    };
    return call(std::move(context), std::move(body), RunOptions{Mode::single_statement, repeatable});
}

void Pool::submit(std::unique_ptr<Job> job, bool reserved)
{
    state_->submit(std::move(job), reserved);
}

bool Pool::is_available() const noexcept
{
    return state_->availability.is_available();
}

void Pool::on_availability_change(std::function<void(bool)> changed)
{
    state_->availability.on_change(std::move(changed));
}

void Pool::close(core::Deadline deadline)
{
    state_->close(deadline);
}

core::Executor& Pool::executor() noexcept
{
    return state_->executor;
}

telemetry::Metrics& Pool::metrics() noexcept
{
    return state_->metrics;
}

const PoolOptions& Pool::options() const noexcept
{
    return state_->options;
}

}  // namespace lintel::storage
