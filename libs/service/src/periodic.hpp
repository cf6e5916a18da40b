#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "lintel/core/executor.hpp"
#include "lintel/core/gate.hpp"
#include "lintel/service/host.hpp"

namespace lintel::service {

/// Housekeeping: runs `work` again and again, `interval` after it has ended. A failure is logged and waited
/// out.
class Periodic : public std::enable_shared_from_this<Periodic> {
public:
    Periodic(core::Executor& executor, std::chrono::milliseconds interval, std::string name,
             Host::PeriodicWork work);

    void start();
    /// Runs no more; returns when the run under way has ended, at most at `deadline`.
    core::Task<void> stop(core::Deadline deadline);

private:
    void schedule();
    core::Task<void> run(core::Gate::Pass pass);

    core::Executor& executor_;
    const std::chrono::milliseconds interval_;
    const std::string name_;
    const Host::PeriodicWork work_;
    core::Gate gate_{1};
    std::mutex mutex_;
    core::TimerHandle timer_;
};

}  // namespace lintel::service
