#include "timer_wheel.hpp"

#include <algorithm>

namespace lintel::core {

Executor::Wheel::Wheel(boost::asio::io_context& context) : timer_(context)
{
}

std::int64_t Executor::Wheel::first_tick_after(Clock::time_point at) const noexcept
{
    return (at - origin_ + kTimerTick - Clock::duration(1)) / kTimerTick;
}

std::int64_t Executor::Wheel::last_tick_before(Clock::time_point at) const noexcept
{
    return (at - origin_) / kTimerTick;
}

std::shared_ptr<TimerHandle::Entry> Executor::Wheel::add(Clock::time_point at, std::function<void()> work)
{
    auto entry = std::make_shared<Entry>();
    entry->work = std::move(work);
    std::lock_guard lock(mutex_);
    if (stopped_) return entry;
    entry->tick = std::max(first_tick_after(at), turned_to_ + 1);
    link(entry);
    if (armed_for_ == kUnarmed || entry->tick < armed_for_) arm(entry->tick);
    return entry;
}

bool Executor::Wheel::remove(Entry& entry) noexcept
{
    // Whatever the work holds is released outside the lock: its destructor may come back here.
    std::function<void()> work;
    std::shared_ptr<Entry> keep;
    std::lock_guard lock(mutex_);
    if (!entry.linked) return false;
    keep = entry.linked;
    unlink(entry);
    work.swap(entry.work);
    return true;
}

void Executor::Wheel::stop() noexcept
{
    std::vector<std::shared_ptr<Entry>> dropped;
    std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto& head : slots_) {
        while (head) {
            dropped.push_back(head->linked);
            unlink(*head);
        }
    }
    timer_.cancel();
}

void Executor::Wheel::link(const std::shared_ptr<Entry>& entry) noexcept
{
    auto& head = slots_[static_cast<std::size_t>(entry->tick) % kSlots];
    entry->linked = entry;
    entry->next = head;
    if (head) head->previous = entry.get();
    head = entry.get();
    ++count_;
}

void Executor::Wheel::unlink(Entry& entry) noexcept
{
    if (entry.previous)
        entry.previous->next = entry.next;
    else
        slots_[static_cast<std::size_t>(entry.tick) % kSlots] = entry.next;
    if (entry.next) entry.next->previous = entry.previous;
    entry.previous = entry.next = nullptr;
    --count_;
    entry.linked.reset();
}

void Executor::Wheel::arm(std::int64_t tick)
{
    armed_for_ = tick;
    timer_.expires_at(origin_ + tick * kTimerTick);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
        const auto wheel = weak.lock();
        if (wheel && !cancelled) wheel->turn();
    });
}

void Executor::Wheel::arm_for_next_slot()
{
    armed_for_ = kUnarmed;
    if (count_ == 0) return;
    for (std::int64_t tick = turned_to_ + 1;; ++tick) {
        if (slots_[static_cast<std::size_t>(tick) % kSlots]) return arm(tick);
    }
}

void Executor::Wheel::turn()
{
    for (const auto& entry : take_due())
        entry->work();
}

std::vector<std::shared_ptr<TimerHandle::Entry>> Executor::Wheel::take_due()
{
    std::vector<std::shared_ptr<Entry>> due;
    std::lock_guard lock(mutex_);
    if (stopped_) return due;
    const auto reached = last_tick_before(Clock::now());
    const auto first = std::max(turned_to_ + 1, reached - static_cast<std::int64_t>(kSlots) + 1);
    for (auto tick = first; tick <= reached; ++tick) {
        Entry* entry = slots_[static_cast<std::size_t>(tick) % kSlots];
        while (entry) {
            Entry* const next = entry->next;
            if (entry->tick <= reached) {
                due.push_back(entry->linked);
                unlink(*entry);
            }
            entry = next;
        }
    }
    turned_to_ = std::max(turned_to_, reached);
    arm_for_next_slot();
    return due;
}

}  // namespace lintel::core
