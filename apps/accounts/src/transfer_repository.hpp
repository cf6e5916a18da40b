#pragma once

#include <optional>
#include <string>
#include <vector>

#include "book.hpp"
#include "lintel/storage/point_reads.hpp"

namespace lintel::accounts {

/// What never changes of an account.
struct AccountName {
    core::Id id;
    contracts::AccountHolder holder;
    std::string currency;
};

/// The accounts of a kind, of a customer, in a currency: one at most.
struct HolderInCurrency {
    contracts::AccountHolder holder;
    std::string currency;
};

/// The ledger in Postgres, within a transaction that changes it.
class LedgerTables {
public:
    explicit LedgerTables(storage::Transaction& transaction) : transaction_(transaction) {}

    /// Those that there are, by either name; some may come twice.
    std::vector<AccountName> find_accounts(const std::vector<core::Id>& ids,
                                           const std::vector<HolderInCurrency>& holders);
    /// Locks the accounts in the order of their ids. Those that somebody else has are waited for, or left
    /// out.
    Book open(const std::vector<core::Id>& accounts, bool waits);
    /// Transfers by their ids, and those that were made with those of `linked_to`; by id.
    std::vector<contracts::Transfer> find_transfers(const std::vector<core::Id>& ids,
                                                    const std::vector<core::Id>& linked_to);
    /// Writes all that has changed in the book.
    void save(const Book& book);

private:
    void save_transfers(const Book& book);
    void save_resolutions(const Book& book);

    storage::Transaction& transaction_;
};

/// Transfers as they stand, for those who only read. Errors as storage::Pool's.
class TransferRepository {
public:
    explicit TransferRepository(storage::Pool& pool);

    core::Task<std::optional<contracts::Transfer>> get(telemetry::Context context, core::Id id);
    /// At most `limit` transfers older than `before`, the newest first.
    core::Task<std::vector<contracts::Transfer>> list(telemetry::Context context,
                                                      contracts::TransferList filter, core::Id before,
                                                      std::size_t limit);
    /// Pending transfers whose time is over, the longest first: the next `limit` behind `after`, or the first
    /// ones.
    core::Task<std::vector<core::Id>> find_expired(telemetry::Context context, std::optional<core::Id> after,
                                                   std::size_t limit);
    storage::Pool& pool() noexcept { return pool_; }

private:
    core::Task<storage::Rows> page(telemetry::Context context, const contracts::TransferList& filter,
                                   core::Id before, std::size_t limit);
    core::Task<storage::Rows> page_of_account(telemetry::Context context,
                                              const contracts::TransferList& filter, core::Id before,
                                              std::size_t limit);

    storage::Pool& pool_;
    storage::PointReads<contracts::Transfer> reads_;
};

}  // namespace lintel::accounts
