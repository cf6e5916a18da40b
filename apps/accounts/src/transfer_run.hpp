#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "transfer_command.hpp"
#include "transfer_repository.hpp"

namespace lintel::accounts {

/// What a transaction does when somebody else has an account that a command is about.
enum class Contention {
    /// Waits, with all that it has locked.
    wait,
    /// Leaves the command for later.
    defer,
};

/// Carries out commands in one transaction: names are looked up, all accounts are locked in the order of
/// their ids, then keys are claimed, then each command is decided in the order in which they came, and what
/// has changed is written at once. A command that fails its rule fails alone.
///
/// Accounts come before keys in every transaction, so that nobody waits in a circle. A command may be run
/// again after its commit, when the connection was lost meanwhile: it finds what it has done.
///
/// One outcome for each command, in their order.
std::vector<TransferOutcome> run_transfers(storage::Transaction& transaction,
                                           std::span<const std::shared_ptr<const TransferCommand>> commands,
                                           Contention contention);

}  // namespace lintel::accounts
