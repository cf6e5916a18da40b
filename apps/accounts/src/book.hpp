#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ledger.hpp"

namespace lintel::accounts {

/// One line of an account's statement.
struct Entry {
    core::Id account;
    std::int64_t sequence = 0;
    core::Id transfer;
    contracts::EntrySide side{};
    std::int64_t amount = 0;
    /// The account's balance after it.
    std::int64_t balance = 0;
};

/// The accounts of one transaction and all that happens to them in it: plain values, no database. Every
/// change is at the time of the book, which is no earlier than any change before.
class Book {
public:
    Book(std::vector<LedgerAccount> accounts, core::Timestamp now);

    /// Nothing when the book does not have it.
    const LedgerAccount* find(const core::Id& id) const;
    core::Timestamp now() const noexcept { return now_; }

    /// Makes all of them or none: then it says what speaks against it. Both accounts of each are in the book.
    /// Those that are not pending are posted with their whole amount.
    std::optional<core::Error> make(std::span<contracts::Transfer> transfers);
    /// Does to a transfer, whose accounts are in the book, what the resolution comes to. Says why when that
    /// is not what was wanted.
    std::optional<core::Error> resolve(contracts::Transfer& transfer, const Resolution& resolution);

    /// The accounts that have changed, by their ids.
    std::vector<LedgerAccount> changed() const;
    const std::vector<contracts::Transfer>& made() const noexcept { return made_; }
    /// Every transfer that got to its final state, at the end of its own making or later.
    const std::vector<contracts::Transfer>& resolved() const noexcept { return resolved_; }
    const std::vector<Entry>& entries() const noexcept { return entries_; }

private:
    std::optional<core::Error> make_one(contracts::Transfer& transfer);
    void finish(contracts::Transfer& transfer, contracts::TransferState state);
    void enter(const contracts::Transfer& transfer);
    LedgerAccount& changing(const core::Id& id);

    std::map<core::Id, LedgerAccount> accounts_;
    core::Timestamp now_;
    std::set<core::Id> changed_;
    std::vector<contracts::Transfer> made_;
    std::vector<contracts::Transfer> resolved_;
    std::vector<Entry> entries_;
};

}  // namespace lintel::accounts
