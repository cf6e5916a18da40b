#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "ledger.hpp"
#include "lintel/storage/idempotency.hpp"

namespace lintel::accounts {

/// One side of a transfer as its caller names it: by id, or by whose it is.
struct Party {
    std::optional<core::Id> id;
    std::optional<contracts::AccountHolder> holder;
};

/// A transfer that is to be made. It has its id, and yet neither accounts nor times.
struct NewTransfer {
    contracts::Transfer transfer;
    Party debit;
    Party credit;
    /// Of one that is pending; nothing for never.
    std::optional<std::chrono::milliseconds> expires_in;
};

/// Makes all of them or none.
struct MakeTransfers {
    std::vector<NewTransfer> transfers;
};

struct ResolveTransfer {
    core::Id id;
    Resolution resolution;
};

/// What a caller wants of the ledger, with the key of its request.
struct TransferCommand {
    std::variant<MakeTransfers, ResolveTransfer> what;
    std::optional<storage::IdempotencyKey> key;
    /// Commands are carried out in the order of their numbers.
    std::uint64_t number = 0;
};

/// What has come of it.
struct TransferOutcome {
    /// The transfer, and those made with it.
    std::vector<contracts::Transfer> transfers;
    /// Its key says that it was carried out before.
    bool is_replay = false;
    /// Somebody else had one of its accounts; nothing has happened.
    bool is_deferred = false;
    /// It was this command that brought a transfer to its end.
    bool has_resolved = false;
    /// Why it was not carried out.
    std::optional<core::Error> refusal;
};

}  // namespace lintel::accounts
