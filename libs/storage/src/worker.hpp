#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>

#include "availability.hpp"
#include "lintel/storage/job.hpp"
#include "lintel/telemetry/metrics.hpp"
#include "session.hpp"

namespace lintel::storage {

/// What the workers of one pool share.
struct WorkerShared {
    core::Executor& executor;
    telemetry::Metrics& metrics;
    const PoolOptions& options;
    const std::string conninfo;
    Availability& availability;
    telemetry::Gauge idle_connections;
    telemetry::Gauge used_connections;
};

/// One database thread's connection and its rules of retrying. Used by that thread alone, but for cut().
class Worker final : public Runner {
public:
    explicit Worker(WorkerShared& shared) : shared_(shared), metrics_(shared.metrics) {}
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void run(const RunOptions& options, const std::function<void(Transaction&)>& body) override;

    /// Notices a connection that has ended, connects while there is none, and asks Postgres when nothing else
    /// has for a while. For the one thread that watches.
    void look();

    /// Ends whatever this worker waits for, and forbids it to connect again. From any thread.
    void cut() noexcept;

private:
    struct Failure {
        std::exception_ptr error;
        std::optional<Cause> cause;
    };
    struct Retries {
        int serialization = 0;
        int connection = 0;
        bool in_doubt = false;
    };

    Session& connected();
    void connect();
    void disconnect() noexcept;
    std::optional<Failure> attempt(const RunOptions& options, const std::function<void(Transaction&)>& body,
                                   Session& session);
    /// Clears up behind a failed attempt.
    void recover(const Failure& failure);
    bool may_run_again(Cause cause, const RunOptions& options, Retries& retries);
    void pause(int failures);

    WorkerShared& shared_;
    QueryMetrics metrics_;
    std::unique_ptr<Session> session_;
    std::minstd_rand random_{std::random_device{}()};

    std::mutex cut_mutex_;
    bool is_cut_ = false;
    std::shared_ptr<SocketGuard> socket_;
};

}  // namespace lintel::storage
