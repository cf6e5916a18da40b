// What lists read of an account with many transfers of which few, or none, are in the state that is asked
// for.

#include "ledger_fixture.hpp"
#include "lintel/testing/reads.hpp"

using namespace lintel;
using namespace lintel::accounts;

namespace {

constexpr std::size_t kPage = 10;
/// All transfers of one account have more.
constexpr std::int64_t kFewBlocks = 300;

core::Id id(int number)
{
    return *core::Id::parse(testing::numbered_id(number));
}

struct Filled {
    /// Account 1 pays account 3, and all is posted; 2 pays 4, and nothing is; but for the oldest. The last
    /// ones are pending.
    Filled()
    {
        database.query(R"(
            ALTER TABLE accounts SET (autovacuum_enabled = off);
            ALTER TABLE transfers SET (autovacuum_enabled = off);
            ALTER TABLE entries SET (autovacuum_enabled = off);
            ALTER TABLE transfer_resolutions SET (autovacuum_enabled = off);
            ALTER TABLE pending_transfers SET (autovacuum_enabled = off);
            INSERT INTO accounts (id, version, kind, currency, customer_id, credit_limit, attributes, metadata,
                                  created_at, updated_at)
            SELECT id(n), 1, 'customer', CASE WHEN n < 4 THEN 'CHF' ELSE 'EUR' END, id(n), 0, '{}', '{}', now(),
                   now()
            FROM generate_series(1, 30000) AS n;
            INSERT INTO transfers (id, debit_account_id, credit_account_id, amount, currency, attributes, metadata,
                                   created_at, expires_at)
            SELECT id(n), id(1 + n % 2), id(3 + n % 2), 1, 'EUR', '{}', '{}', now(), now() + interval '1 h'
            FROM generate_series(1, 60000) AS n;
            CREATE VIEW ended AS SELECT n, n % 2 = 0 OR n < 4 AS is_posted FROM generate_series(1, 50000) AS n;
            INSERT INTO transfer_resolutions (transfer_id, outcome, amount, resolved_at)
            SELECT id(n), CASE WHEN is_posted THEN 'posted' ELSE 'voided' END, CASE WHEN is_posted THEN 1 END, now()
            FROM ended;
            INSERT INTO entries SELECT id(1 + n % 2), now(), n, id(n), 'debit', 1, 1 FROM ended WHERE is_posted;
            INSERT INTO entries SELECT id(3 + n % 2), now(), n, id(n), 'credit', 1, 1 FROM ended WHERE is_posted;
            INSERT INTO pending_transfers (transfer_id, expires_at)
            SELECT id(n), now() + interval '1 h'
            FROM generate_series(50001, 60000) AS n
            WHERE n % 2 = 0 OR n < 50004)");
    }

    template <typename List>
    std::int64_t blocks(List list)
    {
        return reads.by([&] { core::sync_wait(list()); });
    }

    Database database;
    testing::Reads reads{database};
    telemetry::Metrics metrics;
    core::IoThreads threads{1};
    storage::Pool pool{threads.executor(), metrics, {.url = database.url(), .connections = 1}};
};

}  // namespace

TEST_CASE("a list of transfers reads its page, whichever account and state is asked for")
{
    Filled filled;
    TransferRepository transfers(filled.pool);
    const std::vector<std::optional<core::Id>> accounts{std::nullopt, id(1), id(2), id(3), id(4), id(5)};
    filled.reads.twice([&] {
        for (const auto& account : accounts) {
            for (const auto* state : {"", "pending", "posted", "voided", "expired"}) {
                contracts::TransferList filter;
                filter.account_id = account;
                if (*state) filter.state = contracts::transfer_state_from_string(state);
                CAPTURE(contracts::to_json(filter));
                CHECK(filled.blocks([&] {
                    return transfers.list(soon(), filter, core::newest_id(), kPage);
                }) < kFewBlocks);
            }
        }
        CHECK(filled.blocks([&] { return transfers.find_expired(soon(), std::nullopt, kPage); }) <
              kFewBlocks);
    });
}

TEST_CASE("so does one of accounts, whichever kind and currency is asked for")
{
    Filled filled;
    AccountRepository accounts(filled.pool);
    // Before, the index that keeps holders apart looks as good: it has the same rows in another order.
    filled.database.query("ANALYZE");
    for (const auto* kind : {"", "customer", "merchant"}) {
        for (const auto* currency : {"", "EUR", "CHF", "USD"}) {
            contracts::AccountList filter;
            if (*kind) filter.kind = contracts::account_kind_from_string(kind);
            if (*currency) filter.currency = currency;
            CAPTURE(contracts::to_json(filter));
            CHECK(filled.blocks([&] { return accounts.list(soon(), filter, core::newest_id(), kPage); }) <
                  kFewBlocks);
        }
    }
}

TEST_CASE("an account's transfers are found by their state on either side, also those of the release before")
{
    Filled filled;
    TransferRepository transfers(filled.pool);
    const auto found = [&](int account, const char* state, int before) {
        contracts::TransferList filter;
        filter.account_id = id(account);
        filter.state = contracts::transfer_state_from_string(state);
        std::vector<core::Id> ids;
        for (const auto& transfer : core::sync_wait(transfers.list(soon(), filter, id(before), kPage)))
            ids.push_back(transfer.id);
        return ids;
    };
    using Ids = std::vector<core::Id>;
    CHECK(found(2, "posted", 10) == Ids{id(3), id(1)});
    CHECK(found(4, "voided", 10) == Ids{id(9), id(7), id(5)});
    CHECK(found(2, "pending", 60000) == Ids{id(50003), id(50001)});
    CHECK(found(1, "voided", 60000).empty());
}
