#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "lintel/core/deadline.hpp"
#include "lintel/core/executor.hpp"

namespace lintel::core {

/// Counts what is in flight, refuses more than a limit, and lets a stop wait until the last one has left.
/// Thread-safe. Must outlive its passes.
class Gate {
public:
    explicit Gate(std::size_t limit) noexcept : limit_(limit) {}
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    /// Leaves the gate when it is destroyed.
    class Pass {
    public:
        Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
        Pass& operator=(Pass&& other) noexcept
        {
            std::swap(gate_, other.gate_);
            return *this;
        }
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;
        ~Pass()
        {
            if (gate_) gate_->leave();
        }

    private:
        friend class Gate;
        explicit Pass(Gate& gate) noexcept : gate_(&gate) {}
        Gate* gate_;
    };

    /// Nothing when the gate is closed or full.
    std::optional<Pass> try_enter() noexcept;

    /// Refuses everyone from now on.
    void close() noexcept;
    bool is_closed() const noexcept;
    std::size_t in_flight() const noexcept;
    std::size_t limit() const noexcept { return limit_; }

    /// Closes, then waits until nothing is in flight; false when `deadline` passes first.
    Task<bool> drain(Executor& executor, Deadline deadline);

private:
    void leave() noexcept;

    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::size_t in_flight_ = 0;
    bool closed_ = false;
    std::function<void()> on_empty_;
};

}  // namespace lintel::core
