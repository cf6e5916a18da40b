#include "account_repository.hpp"

#include "ledger.hpp"
#include "lintel/accounts/sql/queries.hpp"
#include "lintel/contracts/texts.hpp"
#include "lintel/core/error.hpp"
#include "transfer_rows.hpp"

namespace lintel::accounts {
namespace {

using contracts::Account;
using contracts::AccountCreate;
using contracts::AccountDescription;
using core::Error;
using core::ErrorCode;
using Text = std::optional<std::string>;

Balances balances_of(const storage::Row& row)
{
    return {row.get<std::int64_t>("debits_posted"), row.get<std::int64_t>("credits_posted"),
            row.get<std::int64_t>("debits_pending"), row.get<std::int64_t>("credits_pending")};
}

Account account_of(const storage::Row& row)
{
    Account account;
    account.id = row.get<core::Id>("id");
    account.version = row.get<std::int64_t>("version");
    account.kind = kind_of(row);
    account.currency = row.get<std::string>("currency");
    account.customer_id = row.get<std::optional<core::Id>>("customer_id");
    account.name = row.get<Text>("name");
    account.credit_limit = row.get<std::int64_t>("credit_limit");
    const auto balances = balances_of(row);
    account.debits_posted = balances.debits_posted;
    account.credits_posted = balances.credits_posted;
    account.debits_pending = balances.debits_pending;
    account.credits_pending = balances.credits_pending;
    account.balance = balance_of(balances);
    account.available = available_of(account.kind, account.credit_limit, balances);
    account.owner.user_id = row.get<Text>("owner_user_id");
    account.owner.org_id = row.get<Text>("owner_org_id");
    account.attributes = row.get<std::string>("attributes");
    account.metadata = row.get<std::string>("metadata");
    account.created_at = row.get<core::Timestamp>("created_at");
    account.updated_at = row.get<core::Timestamp>("updated_at");
    return account;
}

contracts::StatementEntry entry_of(const storage::Row& row)
{
    const auto side = contracts::entry_side_from_string(row.get<std::string_view>("side"));
    if (!side) throw Error(ErrorCode::internal, "a stored entry has an unknown side");
    contracts::StatementEntry entry;
    entry.sequence = row.get<std::int64_t>("sequence");
    entry.transfer_id = row.get<core::Id>("transfer_id");
    entry.side = *side;
    entry.amount = row.get<std::int64_t>("amount");
    entry.balance = row.get<std::int64_t>("balance");
    entry.other_account_id = row.get<core::Id>("other_account_id");
    entry.order_id = row.get<std::optional<core::Id>>("order_id");
    entry.description = row.get<Text>("description");
    entry.posted_at = row.get<core::Timestamp>("posted_at");
    return entry;
}

std::optional<Account> first_of(const storage::Rows& rows)
{
    return rows.empty() ? std::nullopt : std::optional(account_of(rows[0]));
}

std::vector<Account> accounts_of(const storage::Rows& rows)
{
    std::vector<Account> accounts;
    for (const auto row : rows)
        accounts.push_back(account_of(row));
    return accounts;
}

Account stored(storage::Transaction& transaction, const core::Id& id)
{
    return account_of(transaction.exec(sql::get_accounts, storage::array_of(std::vector{id})).one());
}

Account insert(storage::Transaction& transaction, const core::Id& id, const AccountCreate& request)
{
    const auto rows =
        transaction.exec(sql::insert_account, id, contracts::to_string(request.kind), request.currency,
                         request.customer_id, request.name, request.credit_limit, request.owner.user_id,
                         request.owner.org_id, request.attributes, request.metadata);
    if (rows.empty())
        throw Error(ErrorCode::conflict, "there is a " + std::string(contracts::to_string(request.kind)) +
                                             " account in " + request.currency +
                                             (request.customer_id ? " of this customer" : "") + " already");
    return account_of(rows[0]);
}

}  // namespace

Error no_such_account(const core::Id& id)
{
    return Error(ErrorCode::not_found, "there is no account " + id.to_string());
}

AccountDescription description_of(const Account& account)
{
    AccountDescription description;
    description.name = account.name;
    description.credit_limit = account.credit_limit;
    description.owner = account.owner;
    description.attributes = account.attributes;
    description.metadata = account.metadata;
    return description;
}

AccountRepository::AccountRepository(storage::Pool& pool)
    : pool_(pool), reads_(pool, sql::get_accounts, accounts_of)
{
}

core::Task<AccountRepository::Created> AccountRepository::create(telemetry::Context context,
                                                                 AccountCreate request,
                                                                 std::optional<storage::IdempotencyKey> key)
{
    auto body = [request, key, id = core::Id::generate()](storage::Transaction& transaction) {
        if (const auto known = storage::claim_idempotency_key(transaction, key, id))
            return Created{stored(transaction, *known), true};
        return Created{insert(transaction, id, request), false};
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::optional<Account>> AccountRepository::get(telemetry::Context context, core::Id id)
{
    return reads_.get(std::move(context), id);
}

core::Task<std::vector<Account>> AccountRepository::list(telemetry::Context context,
                                                         contracts::AccountList filter, core::Id before,
                                                         std::size_t limit)
{
    co_return accounts_of(co_await page(std::move(context), filter, before, limit));
}

/// By the query that reads no more than what is asked for.
core::Task<storage::Rows> AccountRepository::page(telemetry::Context context,
                                                  const contracts::AccountList& filter, core::Id before,
                                                  std::size_t limit)
{
    std::optional<std::string_view> kind;
    if (filter.kind) kind = contracts::to_string(*filter.kind);
    if (filter.customer_id)
        return pool_.query(std::move(context), sql::list_accounts_of_customer, *filter.customer_id, before,
                           filter.currency, kind, limit);
    if (filter.currency)
        return pool_.query(std::move(context), sql::list_accounts_in_currency,
                           storage::array_of(contracts::texts_of(filter.kind)), *filter.currency, before,
                           limit);
    if (kind) return pool_.query(std::move(context), sql::list_accounts_of_kind, *kind, before, limit);
    return pool_.query(std::move(context), sql::list_accounts, before, limit);
}

core::Task<Account> AccountRepository::update(telemetry::Context context, core::Id id, Change change,
                                              std::optional<storage::IdempotencyKey> key)
{
    auto body = [id, change = std::move(change), key](storage::Transaction& transaction) {
        if (const auto known = storage::claim_idempotency_key(transaction, key, id))
            return stored(transaction, *known);
        const auto present = first_of(transaction.exec(sql::lock_account, id));
        if (!present) throw no_such_account(id);
        const auto after = change(*present);
        if (after == description_of(*present)) return *present;
        const auto rows =
            transaction.exec(sql::update_account, id, after.name, after.credit_limit, after.owner.user_id,
                             after.owner.org_id, after.attributes, after.metadata);
        return account_of(rows.one());
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::vector<contracts::StatementEntry>> AccountRepository::statement(
    telemetry::Context context, contracts::StatementGet request, std::optional<core::Id> after,
    std::size_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), sql::list_entries, request.id, request.from,
                                           request.to, after, limit);
    std::vector<contracts::StatementEntry> entries;
    for (const auto row : rows)
        entries.push_back(entry_of(row));
    co_return entries;
}

}  // namespace lintel::accounts
