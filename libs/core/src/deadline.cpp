#include "lintel/core/deadline.hpp"

#include <algorithm>

namespace lintel::core {
namespace {

/// Nobody waits for longer.
constexpr std::chrono::milliseconds kFarthest = std::chrono::hours(24);

}  // namespace

Deadline Deadline::at(Timestamp wall) noexcept
{
    // In milliseconds, which hold every year that can be written, and bounded before it becomes nanoseconds.
    const auto left = std::clamp<std::chrono::milliseconds>(wall - now(), -kFarthest, kFarthest);
    return after(left);
}

Timestamp Deadline::wall_time() const noexcept
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now() +
                                                                   (at_ - Clock::now()));
}

Deadline::Clock::duration Deadline::remaining() const noexcept
{
    return std::max(at_ - Clock::now(), Clock::duration::zero());
}

Deadline Deadline::at_most(Clock::duration duration) const noexcept
{
    return Deadline(std::min(at_, Clock::now() + duration));
}

}  // namespace lintel::core
