#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "lintel/contracts/accounts.hpp"
#include "lintel/storage/idempotency.hpp"
#include "lintel/storage/point_reads.hpp"

namespace lintel::accounts {

/// Accounts in Postgres. Errors as storage::Pool's, and those that are named.
class AccountRepository {
public:
    explicit AccountRepository(storage::Pool& pool);

    struct Created {
        contracts::Account account;
        bool is_replay = false;
    };
    /// Error{conflict} when there is one of its kind, currency and customer; Error{invalid} for a key that
    /// was used with another request.
    core::Task<Created> create(telemetry::Context context, contracts::AccountCreate request,
                               std::optional<storage::IdempotencyKey> key);
    core::Task<std::optional<contracts::Account>> get(telemetry::Context context, core::Id id);
    /// At most `limit` accounts older than `before`, the newest first.
    core::Task<std::vector<contracts::Account>> list(telemetry::Context context,
                                                     contracts::AccountList filter, core::Id before,
                                                     std::size_t limit);
    /// What an account is to become; runs on a database thread, under the account's lock.
    using Change = std::function<contracts::AccountDescription(const contracts::Account&)>;
    /// Error{not_found}; Error{invalid} for a key that was used with another request; what `change` throws.
    /// A repetition finds the account as it is by now.
    core::Task<contracts::Account> update(telemetry::Context context, core::Id id, Change change,
                                          std::optional<storage::IdempotencyKey> key);
    /// At most `limit` entries after that of the transfer `after`, the oldest first.
    core::Task<std::vector<contracts::StatementEntry>> statement(telemetry::Context context,
                                                                 contracts::StatementGet request,
                                                                 std::optional<core::Id> after,
                                                                 std::size_t limit);

private:
    core::Task<storage::Rows> page(telemetry::Context context, const contracts::AccountList& filter,
                                   core::Id before, std::size_t limit);

    storage::Pool& pool_;
    storage::PointReads<contracts::Account> reads_;
};

/// Error{not_found}.
core::Error no_such_account(const core::Id& id);

/// What may change of an account, as it stands now.
contracts::AccountDescription description_of(const contracts::Account& account);

}  // namespace lintel::accounts
