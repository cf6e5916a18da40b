#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "account_endpoints.hpp"
#include "lintel/accounts/sql/migrations.hpp"
#include "lintel/contracts/accounts_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/messaging/service.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/testing/database.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/nats_server.hpp"
#include "transfer_endpoints.hpp"
#include "transfer_expiry.hpp"

namespace lintel::accounts {

using namespace std::chrono_literals;
using nlohmann::json;

inline telemetry::Context soon()
{
    return telemetry::Context::start(20s);
}

struct Database : testing::Database {
    Database() : testing::Database("accounts") { storage::Migrator(url()).run(sql::all_migrations); }
};

/// One worker process of the set.
struct Replica {
    Replica(const std::string& broker, const std::string& database)
        : pool(threads.executor(), metrics, {.url = database}),
          connection(threads.executor(), metrics, {.url = broker, .name = "accounts"})
    {
        add_account_endpoints(service, accounts);
        add_transfer_endpoints(service, transfers);
        service.start();
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
        core::sync_wait(connection.flush(core::Deadline::after(5s)));
    }
    ~Replica()
    {
        CHECK(core::sync_wait(service.drain(core::Deadline::after(10s))));
        pool.close(core::Deadline::after(5s));
    }
    std::size_t expire() { return core::sync_wait(expiry.run(soon())); }

    telemetry::Metrics metrics;
    core::IoThreads threads{2};
    storage::Pool pool;
    messaging::Connection connection;
    messaging::Service service{connection, {"accounts", "1.0.0", "double-entry ledger", {}, {}}};
    AccountRepository account_repository{pool};
    TransferRepository transfer_repository{pool};
    TransferBatch batch{pool};
    AccountService accounts{account_repository, {}};
    TransferService transfers{transfer_repository, batch, {}};
    TransferExpiry expiry{transfer_repository};
};

/// What a request was answered: a document, or an error.
struct Answer {
    std::optional<core::Error> error;
    json body;

    bool is_done() const { return !error; }
    bool is(core::ErrorCode code) const { return error && error->code() == code; }
    std::string why() const { return error ? error->what() : "done"; }
    std::string pointers() const
    {
        std::string all;
        if (error)
            for (const auto& field : error->fields())
                all += field.pointer + " ";
        return all;
    }
    std::string id() const { return field("id"); }
    std::string state() const { return field("state"); }
    /// Empty when there is none.
    std::string field(const std::string& name) const { return error ? "" : body.value(name, ""); }
};

/// A worker set with its broker and its database, and a caller.
struct Ledger {
    explicit Ledger(std::size_t replica_count = 1)
    {
        for (std::size_t at = 0; at < replica_count; ++at)
            replicas.push_back(std::make_unique<Replica>(broker.url(), database.url()));
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
    }

    /// As a caller does: what is `unavailable` has not happened, and is asked again.
    Answer ask(const std::string& subject, const json& request, const std::string& key = {})
    {
        Answer answer;
        testing::eventually(20s, [&] {
            answer = ask_once(subject, request, key);
            return !answer.is(core::ErrorCode::unavailable);
        });
        return answer;
    }
    Answer ask_once(const std::string& subject, const json& request, const std::string& key)
    {
        messaging::RequestOptions options;
        options.idempotency_key = key;
        Answer answer;
        try {
            const auto reply =
                core::sync_wait(client.request(soon(), subject, core::dump_json(request), options));
            answer.body = json::parse(reply.payload);
        } catch (const core::Error& error) {
            answer.error = error;
        }
        return answer;
    }

    /// Opens an account, with funds from the world.
    std::string open(json request, std::int64_t funds = 0)
    {
        request.emplace("currency", "EUR");
        const auto opened = ask("accounts.create", request);
        REQUIRE_MESSAGE(opened.is_done(), opened.why());
        if (funds > 0) fund(opened.id(), funds);
        return opened.id();
    }
    std::string customer(std::int64_t credit_limit, std::int64_t funds = 0)
    {
        return open({{"kind", "customer"},
                     {"customerId", core::Id::generate().to_string()},
                     {"creditLimit", credit_limit}},
                    funds);
    }
    void fund(const std::string& account, std::int64_t amount)
    {
        const json of_world = {{"kind", "world"}};
        if (ask("accounts.list", of_world).body.at("items").empty()) open(of_world);
        const auto funded =
            ask("transfers.create",
                {{"debit", of_world}, {"creditAccountId", account}, {"amount", amount}, {"currency", "EUR"}});
        REQUIRE_MESSAGE(funded.is_done(), funded.why());
    }
    Answer move(const std::string& from, const std::string& to, std::int64_t amount,
                json more = json::object(), const std::string& key = {})
    {
        json request = {
            {"debitAccountId", from}, {"creditAccountId", to}, {"amount", amount}, {"currency", "EUR"}};
        if (!more.is_null()) request.update(more);
        return ask("transfers.create", request, key);
    }
    Answer reserve(const std::string& from, const std::string& to, std::int64_t amount,
                   json more = json::object())
    {
        more["isPending"] = true;
        return move(from, to, amount, more);
    }
    json account(const std::string& id) { return ask("accounts.get", {{"id", id}}).body; }
    json transfer(const std::string& id) { return ask("transfers.get", {{"id", id}}).body; }

    std::string faults() const;

    testing::NatsServer broker;
    Database database;
    std::vector<std::unique_ptr<Replica>> replicas;
    telemetry::Metrics metrics;
    core::IoThreads threads{2};
    messaging::Connection connection{threads.executor(), metrics, {.url = broker.url(), .name = "caller"}};
    messaging::Client client{connection};
};

/// What is wrong in the books, as SQL sees it; empty when the counters are the sums of the transfers, every
/// transfer came to one end or none, both sides are entered, statements add up, and no guard is broken.
inline std::string Ledger::faults() const
{
    return database.query(R"(
WITH standing AS (
    SELECT t.*, r.outcome, r.amount AS moved FROM transfers t LEFT JOIN transfer_resolutions r ON r.transfer_id = t.id
), sides AS (
    SELECT debit_account_id AS account, moved AS dp, 0 AS cp,
           CASE WHEN outcome IS NULL THEN amount ELSE 0 END AS dr, 0 AS cr FROM standing
    UNION ALL
    SELECT credit_account_id, 0, moved, 0, CASE WHEN outcome IS NULL THEN amount ELSE 0 END FROM standing
), sums AS (
    SELECT account, coalesce(sum(dp), 0) AS dp, coalesce(sum(cp), 0) AS cp, sum(dr) AS dr, sum(cr) AS cr
    FROM sides GROUP BY account
), lines AS (
    SELECT *, row_number() OVER account AS number, sum(CASE side WHEN 'debit' THEN -amount ELSE amount END)
           OVER account AS running
    FROM entries WINDOW account AS (PARTITION BY account_id ORDER BY posted_at, sequence)
), faults AS (
    SELECT 'counters of ' || a.id AS fault FROM accounts a LEFT JOIN sums s ON s.account = a.id
    WHERE (a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending)
          IS DISTINCT FROM (coalesce(s.dp, 0)::bigint, coalesce(s.cp, 0)::bigint, coalesce(s.dr, 0)::bigint,
                            coalesce(s.cr, 0)::bigint)
    UNION ALL
    SELECT 'unbalanced ' || currency FROM accounts GROUP BY currency
    HAVING sum(debits_posted) <> sum(credits_posted) OR sum(debits_pending) <> sum(credits_pending)
    UNION ALL
    SELECT 'line of ' || account_id FROM lines WHERE number <> sequence OR running <> balance
    UNION ALL
    SELECT 'entries of ' || a.id FROM accounts a
    WHERE a.entries <> (SELECT count(*) FROM entries WHERE account_id = a.id)
    UNION ALL
    SELECT 'sides of ' || s.id FROM standing s
    WHERE (SELECT count(*) FROM entries e WHERE e.transfer_id = s.id AND e.amount = s.moved)
          <> CASE s.outcome WHEN 'posted' THEN 2 ELSE 0 END
    UNION ALL
    SELECT 'pending ' || s.id FROM standing s
    WHERE (s.outcome IS NULL) <> EXISTS (SELECT FROM pending_transfers p WHERE p.transfer_id = s.id)
    UNION ALL
    SELECT 'too much of ' || id FROM standing WHERE moved > amount
    UNION ALL
    SELECT 'guard of ' || id FROM accounts
    WHERE kind = 'customer' AND debits_posted + debits_pending - credits_posted > credit_limit
       OR kind = 'merchant' AND debits_posted + debits_pending > credits_posted
) SELECT coalesce(string_agg(fault, '; '), '') FROM faults)");
}

/// Does `work(number)` in so many threads at once.
template <typename Work>
void together(int count, Work work)
{
    std::vector<std::thread> threads;
    for (int number = 0; number < count; ++number)
        threads.emplace_back([&work, number] { work(number); });
    for (auto& thread : threads)
        thread.join();
}

}  // namespace lintel::accounts
