#include "socket_guard.hpp"

#include <sys/socket.h>

namespace lintel::storage {

void SocketGuard::cut() noexcept
{
    std::lock_guard lock(mutex_);
    if (socket_ < 0) return;
    cut_ = true;
    ::shutdown(socket_, SHUT_RDWR);
}

bool SocketGuard::was_cut() const noexcept
{
    std::lock_guard lock(mutex_);
    return cut_;
}

void SocketGuard::release() noexcept
{
    std::lock_guard lock(mutex_);
    socket_ = -1;
}

std::uint64_t SocketGuard::begin_wait() noexcept
{
    std::lock_guard lock(mutex_);
    return ++wait_;
}

void SocketGuard::end_wait() noexcept
{
    std::lock_guard lock(mutex_);
    ++wait_;
}

void SocketGuard::cut_wait(std::uint64_t wait) noexcept
{
    std::lock_guard lock(mutex_);
    if (socket_ < 0 || wait != wait_) return;
    cut_ = true;
    ::shutdown(socket_, SHUT_RDWR);
}

SilenceWatch::SilenceWatch(core::Executor& executor, const std::shared_ptr<SocketGuard>& socket,
                           core::Deadline::Clock::duration patience)
    : socket_(*socket)
{
    const auto wait = socket->begin_wait();
    timer_ = executor.call_at(core::Deadline::after(patience), [weak = std::weak_ptr(socket), wait] {
        if (const auto guard = weak.lock()) guard->cut_wait(wait);
    });
}

SilenceWatch::~SilenceWatch()
{
    timer_.cancel();
    socket_.end_wait();
}

}  // namespace lintel::storage
