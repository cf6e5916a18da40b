#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "lintel/core/id.hpp"
#include "lintel/core/time.hpp"
#include "lintel/storage/pool.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace lintel::workflows {

/// This process's lease, renewed each second, under which it claims steps. One row for all that it holds:
/// fencing costs a renewal a second instead of one for each step. Leases run on the database's clock.
/// Thread-safe.
class Session {
public:
    struct Options {
        /// How long the others wait for a silent worker.
        std::chrono::milliseconds lease{3000};
        std::chrono::milliseconds renewal{1000};
        /// Shown to operators.
        std::string replica;
    };

    Session(storage::Pool& pool, telemetry::Metrics& metrics, Options options);

    /// Renews the lease, or opens a session when there is none or it was declared lost. Errors as the pool's.
    core::Task<void> renew(telemetry::Context context);
    /// Gives the lease up: what is still claimed is free for others at once.
    core::Task<void> close(telemetry::Context context);

    /// Nil while there is none.
    core::Id id() const;
    /// The database's clock: never ahead of it by more than the drift since the last renewal, and behind it
    /// by no more than that renewal took. A step of the own clock changes nothing; before the first renewal
    /// it is all there is.
    core::Timestamp now() const;
    /// Whether this worker has had the database without a gap for longer than a lease. After a stall
    /// everybody's lease looks expired: whoever was stalled himself must not judge.
    bool may_judge_others() const;
    const Options& options() const noexcept { return options_; }

private:
    bool is_closed() const;
    core::Task<storage::Rows> renew_row(telemetry::Context context, core::Id id);
    void renewed(core::Id id, core::Timestamp database_now);

    storage::Pool& pool_;
    const Options options_;
    telemetry::Counter losses_;
    mutable std::mutex mutex_;
    core::Id id_;
    core::Deadline::Clock::time_point renewed_at_;
    core::Deadline::Clock::time_point steady_since_;
    /// What the database's clock had shown by renewed_at_.
    std::optional<core::Timestamp> database_then_;
    bool is_closed_ = false;
};

}  // namespace lintel::workflows
