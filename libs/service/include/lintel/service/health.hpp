#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace lintel::service {

/// What a process depends on, and whether it is ready for work.
///
/// The renderings are those of NestJS's terminus (@nestjs/terminus): {status, info, error, details}.
/// Thread-safe.
class Health {
public:
    /// Nothing when the part is well, otherwise what is wrong, in words an operator understands.
    /// Called for every probe, on any thread: it must neither block nor throw.
    using Check = std::function<std::string()>;

    void add_check(std::string name, Check check);

    /// Until then the process is starting and not ready.
    void set_started();
    /// From now on it is stopping: not ready, whatever its parts say. Called before anything is stopped.
    void set_draining();

    struct Report {
        bool is_ok = false;
        std::string json;
    };

    /// Only that the process lives and answers; never asks a part, so that an outage of one restarts nothing.
    Report live() const;
    /// Whether requests may be sent here: started, not draining, and every part well.
    Report ready() const;

private:
    enum class Phase { starting, started, draining };

    mutable std::mutex mutex_;
    Phase phase_ = Phase::starting;
    std::vector<std::pair<std::string, Check>> checks_;
};

}  // namespace lintel::service
