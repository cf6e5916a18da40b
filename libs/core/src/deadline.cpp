#include "lintel/core/deadline.hpp"

#include <algorithm>

namespace lintel::core {

Deadline Deadline::at(Timestamp wall) noexcept
{
    return after(wall - std::chrono::system_clock::now());
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
