#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "lintel/core/executor.hpp"

namespace lintel::storage {

/// The end of the wait for a silent server. The driver waits in the kernel without a deadline, and a server
/// that is stopped acknowledges every byte, so that no timeout of the socket ends the wait either. Shutting
/// the socket down from outside does. Thread-safe.
class SocketGuard {
public:
    explicit SocketGuard(int socket) noexcept : socket_(socket) {}

    void cut() noexcept;
    bool was_cut() const noexcept;
    /// The descriptor is about to be closed and may become another connection's.
    void release() noexcept;

private:
    friend class SilenceWatch;
    std::uint64_t begin_wait() noexcept;
    void end_wait() noexcept;
    void cut_wait(std::uint64_t wait) noexcept;

    mutable std::mutex mutex_;
    int socket_;
    bool cut_ = false;
    std::uint64_t wait_ = 0;
};

/// Cuts the connection when the wait that it stands for takes longer than it may.
class SilenceWatch {
public:
    SilenceWatch(core::Executor& executor, const std::shared_ptr<SocketGuard>& socket,
                 core::Deadline::Clock::duration patience);
    ~SilenceWatch();
    SilenceWatch(const SilenceWatch&) = delete;
    SilenceWatch& operator=(const SilenceWatch&) = delete;

private:
    SocketGuard& socket_;
    core::TimerHandle timer_;
};

}  // namespace lintel::storage
