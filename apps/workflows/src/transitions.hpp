#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "lintel/storage/batch.hpp"
#include "session.hpp"
#include "transit.hpp"

namespace lintel::workflows {

/// Where an event stands among those of one batch: by run, so that all replicas lock in one order, then as
/// they came.
struct EventKey {
    core::Id run;
    std::uint64_t number = 0;

    auto operator<=>(const EventKey&) const = default;
};

}  // namespace lintel::workflows

template <>
struct std::hash<lintel::workflows::EventKey> {
    std::size_t operator()(const lintel::workflows::EventKey& key) const noexcept
    {
        return std::hash<lintel::core::Id>()(key.run) ^ std::hash<std::uint64_t>()(key.number);
    }
};

namespace lintel::workflows {

/// The one way in which runs change: events that come at the same time share a transaction. Thread-safe.
class Transitions {
public:
    /// Finds the runs that something is to happen to, and locks them.
    using Find = std::function<std::vector<RunEvent>(storage::Transaction&)>;

    Transitions(storage::Pool& pool, DefinitionCatalog& catalog, const Session& session, const Slots& slots,
                workflow::RunLimits limits);

    /// Errors as the pool's; what the run itself says is in the result.
    core::Task<RunResult> submit(telemetry::Context context, RunEvent event);
    /// The same for what `find` finds, in a transaction of its own.
    core::Task<std::vector<RunResult>> submit_found(telemetry::Context context, Find find);

private:
    struct Numbered {
        RunEvent event;
        std::uint64_t number = 0;
    };

    Claimant claimant() const;

    storage::Pool& pool_;
    DefinitionCatalog& catalog_;
    const Session& session_;
    const Slots& slots_;
    const TransitRules rules_;
    std::atomic<std::uint64_t> numbers_{0};
    storage::Batch<Numbered, RunResult, EventKey> batch_;
};

}  // namespace lintel::workflows
