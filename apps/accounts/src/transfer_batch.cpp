#include "transfer_batch.hpp"

namespace lintel::accounts {
namespace {

using Shared = std::shared_ptr<const TransferCommand>;

storage::BatchOptions options(const char* name, std::size_t concurrency)
{
    storage::BatchOptions options;
    options.name = name;
    options.concurrency = concurrency;
    return options;
}

/// Requests with one key, and those about one transfer, go one after the other.
core::Id batch_key(const Shared& command)
{
    if (command->key) return core::Id::derive(core::Id(), command->key->scope + '\0' + command->key->key);
    if (const auto* resolve = std::get_if<ResolveTransfer>(&command->what)) return resolve->id;
    return std::get<MakeTransfers>(command->what).transfers.front().transfer.id;
}

auto run(Contention contention)
{
    return [contention](storage::Transaction& transaction, std::span<const Shared> commands) {
        return run_transfers(transaction, commands, contention);
    };
}

}  // namespace

TransferBatch::TransferBatch(storage::Pool& pool)
    : free_(pool, options("transfers", 1), batch_key, run(Contention::defer)),
      contended_(pool, options("contended_transfers", 2), batch_key, run(Contention::wait))
{
}

core::Task<TransferOutcome> TransferBatch::submit(telemetry::Context context, TransferCommand command)
{
    command.number = numbers_.fetch_add(1, std::memory_order_relaxed);
    const auto shared = std::make_shared<const TransferCommand>(std::move(command));
    auto outcome = co_await free_.submit(context, shared);
    if (outcome.is_deferred) outcome = co_await contended_.submit(std::move(context), shared);
    co_return outcome;
}

}  // namespace lintel::accounts
