#include "transfer_repository.hpp"

#include <algorithm>

#include "lintel/accounts/sql/queries.hpp"
#include "transfer_rows.hpp"

namespace lintel::accounts {
namespace {

using contracts::Transfer;
using contracts::TransferState;
using storage::array_of;

LedgerAccount ledger_account_of(const storage::Row& row)
{
    LedgerAccount account;
    account.id = row.get<core::Id>("id");
    account.kind = kind_of(row);
    account.currency = row.get<std::string>("currency");
    account.customer_id = row.get<std::optional<core::Id>>("customer_id");
    account.credit_limit = row.get<std::int64_t>("credit_limit");
    account.balances = {row.get<std::int64_t>("debits_posted"), row.get<std::int64_t>("credits_posted"),
                        row.get<std::int64_t>("debits_pending"), row.get<std::int64_t>("credits_pending")};
    account.entries = row.get<std::int64_t>("entries");
    account.updated_at = row.get<core::Timestamp>("updated_at");
    return account;
}

}  // namespace

std::vector<AccountName> LedgerTables::find_accounts(const std::vector<core::Id>& ids,
                                                     const std::vector<HolderInCurrency>& holders)
{
    const auto rows = transaction_.exec(
        sql::find_accounts, array_of(ids),
        array_of(holders, [](const auto& named) { return contracts::to_string(named.holder.kind); }),
        array_of(holders, &HolderInCurrency::currency),
        array_of(holders, [](const auto& named) { return named.holder.customer_id; }));
    std::vector<AccountName> names;
    for (const auto row : rows) {
        AccountName name;
        name.id = row.get<core::Id>("id");
        name.holder.kind = kind_of(row);
        name.holder.customer_id = row.get<std::optional<core::Id>>("customer_id");
        name.currency = row.get<std::string>("currency");
        names.push_back(std::move(name));
    }
    return names;
}

Book LedgerTables::open(const std::vector<core::Id>& accounts, bool waits)
{
    const auto rows =
        transaction_.exec(waits ? sql::lock_accounts : sql::lock_free_accounts, array_of(accounts));
    std::vector<LedgerAccount> locked;
    core::Timestamp now{};
    for (const auto row : rows) {
        locked.push_back(ledger_account_of(row));
        now = std::max(now, row.get<core::Timestamp>("now"));
    }
    return Book(std::move(locked), now);
}

std::vector<Transfer> LedgerTables::find_transfers(const std::vector<core::Id>& ids,
                                                   const std::vector<core::Id>& linked_to)
{
    return transfers_of(transaction_.exec(sql::find_transfers, array_of(ids), array_of(linked_to)));
}

void LedgerTables::save(const Book& book)
{
    const auto changed = book.changed();
    if (changed.empty()) return;
    const auto counter = [&](auto field) {
        return array_of(changed,
                        [&](const LedgerAccount& account) { return std::invoke(field, account.balances); });
    };
    if (!book.made().empty()) save_transfers(book);
    if (!book.resolved().empty()) save_resolutions(book);
    transaction_.exec(sql::save_accounts, array_of(changed, &LedgerAccount::id),
                      counter(&Balances::debits_posted), counter(&Balances::credits_posted),
                      counter(&Balances::debits_pending), counter(&Balances::credits_pending),
                      array_of(changed, &LedgerAccount::entries), book.now());
}

void LedgerTables::save_transfers(const Book& book)
{
    const auto& made = book.made();
    transaction_.exec(sql::save_transfers, array_of(made, &Transfer::id),
                      array_of(made, &Transfer::debit_account_id),
                      array_of(made, &Transfer::credit_account_id), array_of(made, &Transfer::amount),
                      array_of(made, &Transfer::currency), array_of(made, &Transfer::expires_at),
                      array_of(made, &Transfer::order_id), array_of(made, &Transfer::linked_to),
                      array_of(made, &Transfer::description),
                      array_of(made, [](const Transfer& t) { return t.owner.user_id; }),
                      array_of(made, [](const Transfer& t) { return t.owner.org_id; }),
                      array_of(made, &Transfer::attributes), array_of(made, &Transfer::metadata),
                      array_of(made, &Transfer::created_at));
    std::vector<Transfer> pending;
    std::copy_if(made.begin(), made.end(), std::back_inserter(pending),
                 [](const Transfer& transfer) { return transfer.state == TransferState::pending; });
    if (!pending.empty())
        transaction_.exec(
            sql::save_pending, array_of(pending, &Transfer::id), array_of(pending, &Transfer::expires_at),
            array_of(pending, &Transfer::debit_account_id), array_of(pending, &Transfer::credit_account_id));
}

void LedgerTables::save_resolutions(const Book& book)
{
    const auto& resolved = book.resolved();
    const auto account = [](auto side) {
        return [side](const Transfer& transfer) {
            const bool has_entries = transfer.state == TransferState::posted;
            return has_entries ? std::nullopt : std::optional(std::invoke(side, transfer));
        };
    };
    transaction_.exec(
        sql::save_resolutions, array_of(resolved, &Transfer::id),
        array_of(resolved, [](const Transfer& transfer) { return contracts::to_string(transfer.state); }),
        array_of(resolved, &Transfer::posted_amount), array_of(resolved, &Transfer::resolved_at),
        array_of(resolved, account(&Transfer::debit_account_id)),
        array_of(resolved, account(&Transfer::credit_account_id)));
    const auto& entries = book.entries();
    if (entries.empty()) return;
    transaction_.exec(sql::save_entries, array_of(entries, &Entry::account),
                      array_of(entries, [&](const Entry&) { return book.now(); }),
                      array_of(entries, &Entry::sequence), array_of(entries, &Entry::transfer),
                      array_of(entries, [](const Entry& entry) { return contracts::to_string(entry.side); }),
                      array_of(entries, &Entry::amount), array_of(entries, &Entry::balance));
}

TransferRepository::TransferRepository(storage::Pool& pool)
    : pool_(pool), reads_(pool, sql::get_transfers, transfers_of)
{
}

core::Task<std::optional<Transfer>> TransferRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.get(std::move(context), id);
}

core::Task<std::vector<Transfer>> TransferRepository::list(telemetry::Context context,
                                                           contracts::TransferList filter, core::Id before,
                                                           std::size_t limit)
{
    co_return transfers_of(co_await page(std::move(context), filter, before, limit));
}

/// By the query that reads no more than what is asked for.
core::Task<storage::Rows> TransferRepository::page(telemetry::Context context,
                                                   const contracts::TransferList& filter, core::Id before,
                                                   std::size_t limit)
{
    std::optional<std::string> state;
    if (filter.state) state = contracts::to_string(*filter.state);
    if (filter.order_id)
        return pool_.query(std::move(context), sql::list_transfers_of_order, *filter.order_id, before, state,
                           filter.account_id, limit);
    if (filter.account_id) return page_of_account(std::move(context), filter, before, limit);
    if (!filter.state) return pool_.query(std::move(context), sql::list_transfers, before, limit);
    if (*filter.state == TransferState::pending)
        return pool_.query(std::move(context), sql::list_pending_transfers, before, limit);
    return pool_.query(std::move(context), sql::list_resolved_transfers, *state, before, limit);
}

core::Task<storage::Rows> TransferRepository::page_of_account(telemetry::Context context,
                                                              const contracts::TransferList& filter,
                                                              core::Id before, std::size_t limit)
{
    const auto& account = *filter.account_id;
    if (!filter.state)
        return pool_.query(std::move(context), sql::list_transfers_of_account, account, before, limit);
    switch (*filter.state) {
        case TransferState::pending:
            return pool_.query(std::move(context), sql::list_pending_transfers_of_account, account, before,
                               limit);
        case TransferState::posted:
            return pool_.query(std::move(context), sql::list_posted_transfers_of_account, account, before,
                               limit);
        case TransferState::voided:
        case TransferState::expired:
            break;
    }
    return pool_.query(std::move(context), sql::list_ended_transfers_of_account, account, before, limit,
                       contracts::to_string(*filter.state));
}

core::Task<std::vector<core::Id>> TransferRepository::find_expired(telemetry::Context context,
                                                                   std::optional<core::Id> after,
                                                                   std::size_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), sql::find_expired_transfers, after, limit);
    std::vector<core::Id> ids;
    for (const auto row : rows)
        ids.push_back(row.get<core::Id>("transfer_id"));
    co_return ids;
}

}  // namespace lintel::accounts
