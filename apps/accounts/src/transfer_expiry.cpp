#include "transfer_expiry.hpp"

#include <algorithm>
#include <functional>

#include "transfer_run.hpp"

namespace lintel::accounts {
namespace {

constexpr std::size_t kAtOnce = 128;
constexpr std::chrono::milliseconds kDeadline{5000};

using Commands = std::vector<std::shared_ptr<const TransferCommand>>;

Commands expire(const std::vector<core::Id>& ids)
{
    Commands commands;
    for (const auto& id : ids) {
        TransferCommand command;
        command.what = ResolveTransfer{id, {contracts::TransferState::expired, std::nullopt}};
        commands.push_back(std::make_shared<const TransferCommand>(std::move(command)));
    }
    return commands;
}

}  // namespace

core::Task<std::size_t> TransferExpiry::run(telemetry::Context context)
{
    std::size_t total = 0;
    std::optional<core::Id> last;
    do {
        const auto ids = co_await transfers_.find_expired(context.at_most(kDeadline), last, kAtOnce);
        if (!ids.empty()) total += co_await end(context.at_most(kDeadline), ids);
        last = ids.size() == kAtOnce ? std::optional(ids.back()) : std::nullopt;
    } while (last);
    co_return total;
}

core::Task<std::size_t> TransferExpiry::end(telemetry::Context context, std::vector<core::Id> ids)
{
    auto body = [commands = expire(ids)](storage::Transaction& transaction) {
        const auto outcomes = run_transfers(transaction, commands, Contention::defer);
        return static_cast<std::size_t>(
            std::count_if(outcomes.begin(), outcomes.end(), std::mem_fn(&TransferOutcome::has_resolved)));
    };
    co_return co_await transfers_.pool().transact(std::move(context), std::move(body));
}

}  // namespace lintel::accounts
