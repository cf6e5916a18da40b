#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "lintel/core/gate.hpp"

namespace lintel::workflows {

/// Room for one attempt in this process; free again when the last copy is gone.
class SlotHolder {
public:
    SlotHolder(std::shared_ptr<core::Gate> gate, core::Gate::Pass pass)
        : gate_(std::move(gate)), pass_(std::move(pass))
    {
    }

private:
    // Outlives the pass, whoever else is gone.
    std::shared_ptr<core::Gate> gate_;
    core::Gate::Pass pass_;
};
using Slot = std::shared_ptr<SlotHolder>;

/// The attempts that this process may have under way. An attempt that nobody waits for any more may outlive
/// everything else of the engine, so copies share what they count. Thread-safe.
class Slots {
public:
    explicit Slots(std::size_t limit) : gate_(std::make_shared<core::Gate>(limit)) {}

    /// Nothing when there is no room, or close() has been called.
    Slot try_take() const
    {
        auto pass = gate_->try_enter();
        if (!pass) return nullptr;
        return std::make_shared<SlotHolder>(gate_, std::move(*pass));
    }
    std::size_t taken() const noexcept { return gate_->in_flight(); }
    /// 0 once closed.
    std::size_t room() const noexcept { return gate_->is_closed() ? 0 : gate_->limit() - taken(); }
    std::size_t limit() const noexcept { return gate_->limit(); }
    /// Gives nothing out any more; true when all is free before the deadline.
    core::Task<bool> drain(core::Executor& executor, core::Deadline deadline) const
    {
        return gate_->drain(executor, deadline);
    }

private:
    std::shared_ptr<core::Gate> gate_;
};

}  // namespace lintel::workflows
