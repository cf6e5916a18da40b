#pragma once

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <mutex>

#include "lintel/core/executor.hpp"

namespace lintel::core {

struct TimerHandle::Entry {
    std::function<void()> work;
    std::int64_t tick = 0;
    /// Set while the entry is in a slot; it keeps the entry alive there.
    std::shared_ptr<Entry> linked;
    Entry* previous = nullptr;
    Entry* next = nullptr;
};

/// A hashed timer wheel: adding and cancelling are O(1) at any number of timers, which every request does at
/// least once. It sleeps until the next slot that holds anything and costs nothing while it is empty.
class Executor::Wheel : public std::enable_shared_from_this<Wheel> {
public:
    using Clock = Deadline::Clock;
    using Entry = TimerHandle::Entry;

    explicit Wheel(boost::asio::io_context& context);

    std::shared_ptr<Entry> add(Clock::time_point at, std::function<void()> work);
    bool remove(Entry& entry) noexcept;
    void stop() noexcept;

private:
    static constexpr std::size_t kSlots = 1024;
    static constexpr std::int64_t kUnarmed = -1;

    std::int64_t first_tick_after(Clock::time_point at) const noexcept;
    std::int64_t last_tick_before(Clock::time_point at) const noexcept;
    void link(const std::shared_ptr<Entry>& entry) noexcept;
    void unlink(Entry& entry) noexcept;
    void arm(std::int64_t tick);
    void arm_for_next_slot();
    void turn();
    std::vector<std::shared_ptr<Entry>> take_due();

    std::mutex mutex_;
    boost::asio::steady_timer timer_;
    const Clock::time_point origin_ = Clock::now();
    std::array<Entry*, kSlots> slots_{};
    std::size_t count_ = 0;
    std::int64_t turned_to_ = 0;
    std::int64_t armed_for_ = kUnarmed;
    bool stopped_ = false;
};

}  // namespace lintel::core
