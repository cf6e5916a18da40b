#pragma once

#include "transfer_repository.hpp"

namespace lintel::accounts {

/// Ends pending transfers whose time is over. Any number of replicas may do it; each transfer expires once,
/// and never before its time by the database's clock. Errors as the pool's.
class Expiry {
public:
    explicit Expiry(TransferRepository& transfers) : transfers_(transfers) {}

    /// Returns how many it has ended. Those whose accounts somebody has are left for the next time.
    core::Task<std::size_t> run(telemetry::Context context);

private:
    core::Task<std::size_t> end(telemetry::Context context, std::vector<core::Id> ids);

    TransferRepository& transfers_;
};

}  // namespace lintel::accounts
