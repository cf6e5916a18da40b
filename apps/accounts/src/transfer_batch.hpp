#pragma once

#include <atomic>
#include <memory>

#include "lintel/storage/batch.hpp"
#include "transfer_run.hpp"

namespace lintel::accounts {

/// The one way in which callers change the ledger: commands that come at the same time share a transaction.
/// The first attempt waits for nobody, so that an account that others are busy with holds up nothing but its
/// own transfers; these then go together in transactions that wait for it. Thread-safe. The pool outlives it.
class TransferBatch {
public:
    explicit TransferBatch(storage::Pool& pool);

    /// Errors as the pool's; what the ledger says is in the outcome.
    core::Task<TransferOutcome> submit(telemetry::Context context, TransferCommand command);

private:
    using Shared = std::shared_ptr<const TransferCommand>;
    using Batch = storage::Batch<Shared, TransferOutcome>;

    std::atomic<std::uint64_t> numbers_{0};
    Batch free_;
    Batch contended_;
};

}  // namespace lintel::accounts
