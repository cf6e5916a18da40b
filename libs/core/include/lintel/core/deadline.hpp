#pragma once

#include <chrono>

#include "lintel/core/time.hpp"

namespace lintel::core {

/// The moment after which nobody waits for an answer any more.
/// Kept on the steady clock, so that a jump of the wall clock neither ends nor stretches a wait that is under
/// way.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    /// `duration` from now.
    static Deadline after(Clock::duration duration) noexcept { return Deadline(Clock::now() + duration); }

    /// The deadline a peer sent as an absolute time of the wall clock; at most a day away.
    static Deadline at(Timestamp wall) noexcept;

    explicit constexpr Deadline(Clock::time_point at) noexcept : at_(at) {}

    Clock::time_point time() const noexcept { return at_; }
    Timestamp wall_time() const noexcept;

    /// What is left, never negative.
    Clock::duration remaining() const noexcept;
    bool has_passed() const noexcept { return Clock::now() >= at_; }

    /// The earlier of this one and `duration` from now: a step may take less than the whole, never more.
    Deadline at_most(Clock::duration duration) const noexcept;

    auto operator<=>(const Deadline&) const = default;

private:
    Clock::time_point at_;
};

}  // namespace lintel::core
