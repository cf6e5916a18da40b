#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lintel/contracts/accounts.hpp"
#include "lintel/core/error.hpp"

namespace lintel::accounts {

/// What an account has come to: four counters that only transfers change.
struct Balances {
    std::int64_t debits_posted = 0;
    std::int64_t credits_posted = 0;
    std::int64_t debits_pending = 0;
    std::int64_t credits_pending = 0;

    bool operator==(const Balances&) const = default;
};

/// An account, as far as transfers go.
struct LedgerAccount {
    core::Id id;
    contracts::AccountKind kind{};
    std::string currency;
    std::optional<core::Id> customer_id;
    std::int64_t credit_limit = 0;
    Balances balances;
    /// How many entries its statement has.
    std::int64_t entries = 0;
    core::Timestamp updated_at{};
};

/// The largest that a counter may become: what every JSON reader can hold.
constexpr std::int64_t kLargestTotal = 9007199254740991;

/// Credits less debits, both posted.
std::int64_t balance_of(const Balances& balances);

/// What may be taken now: nothing is pending twice, and pending credits are not there yet. Nothing for a kind
/// that has no guard.
std::optional<std::int64_t> available_of(contracts::AccountKind kind, std::int64_t credit_limit,
                                         const Balances& balances);

/// What speaks against taking `amount` from one account and giving it to the other, if anything.
std::optional<core::Error> objection(const LedgerAccount& debit, const LedgerAccount& credit,
                                     std::int64_t amount);

/// The changes of counters. Nothing is checked here: `reserve` and `move` come after objection(), the others
/// after `reserve` with the same amount, of which `posted` is at most all. Then no guard is ever broken.
void move(Balances& debit, Balances& credit, std::int64_t amount);
void reserve(Balances& debit, Balances& credit, std::int64_t amount);
void give_back(Balances& debit, Balances& credit, std::int64_t amount);
void post(Balances& debit, Balances& credit, std::int64_t amount, std::int64_t posted);

/// What somebody wants to become of a pending transfer.
struct Resolution {
    contracts::TransferState to = contracts::TransferState::posted;
    /// Of a post; nothing for all.
    std::optional<std::int64_t> amount{};
};

/// What becomes of it.
struct Verdict {
    /// The state it gets now; nothing when it stays as it is.
    std::optional<contracts::TransferState> to{};
    /// What is posted then.
    std::int64_t amount = 0;
    /// Why that is not what was wanted.
    std::optional<core::Error> refusal{};
};

/// What a resolution does to a transfer at a time. Each transfer gets to one final state, once; wanting what
/// is so already does no harm. To void what has expired is such a case: it reserves nothing any more.
Verdict judge(const contracts::Transfer& transfer, const Resolution& resolution, core::Timestamp now);

}  // namespace lintel::accounts
