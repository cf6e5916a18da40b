#pragma once

#include <chrono>
#include <string>

#include "lintel/core/page_token.hpp"
#include "transfer_batch.hpp"

namespace lintel::accounts {

/// What callers do with transfers. Errors: `not_found`; `invalid` with every fault; `conflict` for a guard or
/// a state that is against it; `malformed` for a foreign page token; those of the pool. `key` is the caller's
/// Idempotency-Key, empty when there is none.
class TransferService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        /// As long as workflows remember: a step may be repeated so late.
        std::chrono::milliseconds key_ttl = std::chrono::hours(720);
        /// When a pending transfer expires that does not say so itself; zero for never.
        std::chrono::milliseconds transfer_ttl{0};
        core::PageLimits pages{};
    };

    TransferService(TransferRepository& transfers, TransferBatch& batch, Options options);

    core::Task<contracts::TransferCreated> create(telemetry::Context context,
                                                  contracts::TransferCreate request, std::string key);
    core::Task<contracts::Transfer> get(telemetry::Context context, core::Id id);
    core::Task<contracts::TransferPage> list(telemetry::Context context, contracts::TransferList request);
    core::Task<contracts::TransferChanged> post(telemetry::Context context, contracts::TransferPost request,
                                                std::string key);
    core::Task<contracts::TransferChanged> cancel(telemetry::Context context, contracts::TransferVoid request,
                                                  std::string key);

private:
    MakeTransfers transfers_of(const contracts::TransferCreate& request) const;
    core::Task<contracts::TransferChanged> resolve(telemetry::Context context, ResolveTransfer what,
                                                   std::optional<storage::IdempotencyKey> key);

    TransferRepository& transfers_;
    TransferBatch& batch_;
    const Options options_;
};

}  // namespace lintel::accounts
