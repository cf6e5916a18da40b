#pragma once

#include "transfer_repository.hpp"

namespace lintel::accounts {

/// Ends pending transfers whose time is over. Any number of replicas may do it; each transfer expires once,
/// and never before its time by the database's clock. Errors as the pool's.
class TransferExpiry {
public:
    explicit TransferExpiry(TransferRepository& transfers) : transfers_(transfers) {}

    /// Looks at each that has expired once, and returns how many it has ended. Those whose accounts somebody
    /// has are left for the next time.
    core::Task<std::size_t> run(telemetry::Context context);

private:
    core::Task<std::size_t> end(telemetry::Context context, std::vector<core::Id> ids);

    TransferRepository& transfers_;
};

}  // namespace lintel::accounts
