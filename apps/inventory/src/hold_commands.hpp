#pragma once

#include <optional>
#include <variant>

#include "hold_repository.hpp"
#include "lintel/core/error.hpp"
#include "lintel/storage/idempotency.hpp"

namespace lintel::inventory {

/// What somebody wants of a hold.
struct HoldCommand {
    /// Of the hold, when this makes one; also the place in the order of arrival.
    core::Id id = core::Id::generate();
    std::variant<contracts::HoldReserve, contracts::HoldConfirm, contracts::HoldRelease,
                 contracts::HoldRestock>
        what;
    std::optional<storage::IdempotencyKey> key{};
    /// Of a new hold.
    std::chrono::milliseconds lifetime{};
};

/// The way through which all commands on holds go. Commands that come at the same time share a transaction:
/// it locks the holds and their stock in one order, decides by hold_rules in the order of arrival, and writes
/// what has changed. A command that is refused fails alone.
///
/// There are two lanes. In the quick one nobody waits for a lock: what needs a row that somebody else has
/// goes on to the patient one, so that a product that all want holds up those alone who want it. Thread-safe;
/// `pool` outlives it.
class HoldCommands {
public:
    explicit HoldCommands(storage::Pool& pool);

    /// Errors of hold_rules; `not_found`; `invalid` for a key that was used with another request; those of
    /// the pool.
    core::Task<contracts::HoldChanged> submit(telemetry::Context context, HoldCommand command);

    /// Nothing has happened, because somebody else has what it needs.
    struct Busy {};
    using Outcome = std::variant<Busy, contracts::HoldChanged, core::Error>;

private:
    storage::Batch<HoldCommand, Outcome> quick_;
    storage::Batch<HoldCommand, Outcome> patient_;
};

}  // namespace lintel::inventory
