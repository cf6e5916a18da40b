// Main's routes to the ledger over a real broker: what reaches a worker, and what the client is answered.
#include <doctest/doctest.h>

#include "lintel/contracts/accounts_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "worker_fixture.hpp"

using namespace lintel;
using main::test::Rest;
using nlohmann::json;

namespace {

const core::Id kId = *core::Id::parse("019aa1c4-7a10-7c31-9f0e-3d5a4b6c7d01");
const core::Id kOther = *core::Id::parse("019aa1c4-7a10-7c31-9f0e-3d5a4b6c7d02");
const std::string kAccount = "/v1/accounts/" + kId.to_string();
const std::string kTransfer = "/v1/transfers/" + kId.to_string();

template <typename T = contracts::Account>
T account()
{
    T one;
    one.id = kId;
    one.version = 3;
    one.kind = contracts::AccountKind::merchant;
    one.currency = "EUR";
    return one;
}

template <typename T = contracts::Transfer>
T transfer(core::Id id = kId)
{
    T one;
    one.id = id;
    one.debit_account_id = kId;
    one.credit_account_id = kOther;
    one.amount = 100;
    one.currency = "EUR";
    one.state = contracts::TransferState::pending;
    return one;
}

std::string pointers(const main::test::Answer& answer)
{
    CHECK(answer.status == 422);
    std::string all;
    for (const auto& fault : answer.body.at("errors"))
        all += fault.at("pointer").get<std::string>() + " ";
    return all;
}

}  // namespace

TEST_CASE("an account is opened under the client's key, listed and shown")
{
    Rest rest;
    rest.worker.answers<contracts::AccountsCreate>([](const contracts::AccountCreate& asked) {
        auto one = account<contracts::AccountCreated>();
        one.is_replay = asked.name == "again";
        if (asked.kind == contracts::AccountKind::cash)
            throw core::Error(core::ErrorCode::conflict, "there is a cash account in EUR already");
        return one;
    });
    rest.worker.answers<contracts::AccountsGet>([](const contracts::AccountGet& asked) {
        if (asked.id != kId) throw core::Error(core::ErrorCode::not_found, "there is no such account");
        return account();
    });
    rest.worker.answers<contracts::AccountsList>([](const auto&) {
        return contracts::AccountPage{{account()}, "next"};
    });
    rest.start();

    const auto made =
        rest.post("/v1/accounts", R"({"kind":"merchant","currency":"EUR"})", "Idempotency-Key: k-1\r\n");
    CHECK(made.status == 201);
    CHECK(made.header("Location") == kAccount);
    CHECK(made.header("ETag") == "\"3\"");
    CHECK_FALSE(made.body.contains("isReplay"));
    CHECK(rest.worker.asked("accounts.create").at(0).idempotency_key == "k-1");
    const auto again = rest.post("/v1/accounts", R"({"kind":"merchant","currency":"EUR","name":"again"})",
                                 "Idempotency-Key: k-2\r\n");
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(rest.post("/v1/accounts", R"({"kind":"cash","currency":"EUR"})").status == 409);
    CHECK(pointers(rest.post("/v1/accounts", R"({"kind":"bank"})")) == "/kind /currency ");

    CHECK(rest.get(kAccount).body.at("version") == 3);
    CHECK(rest.get(kAccount, "If-None-Match: \"3\"\r\n").status == 304);
    CHECK(rest.get("/v1/accounts/" + kOther.to_string()).status == 404);
    CHECK(rest.get("/v1/accounts/17").status == 404);
    const auto page = rest.get("/v1/accounts?kind=merchant&currency=EUR&pageSize=7");
    CHECK(page.body.at("nextPageToken") == "next");
    CHECK(rest.worker.asked("accounts.list").at(0).document ==
          json{{"kind", "merchant"}, {"currency", "EUR"}, {"pageSize", 7}});
}

TEST_CASE("a patch of an account names its versions, and its faults are those of the body")
{
    Rest rest;
    rest.worker.answers<contracts::AccountsUpdate>([](const contracts::AccountUpdate& asked) {
        if (asked.expected_versions == std::vector<std::int64_t>{2})
            throw core::Error(core::ErrorCode::precondition, "the account has version 3 by now");
        return account();
    });
    rest.start();
    CHECK(rest.ask("PATCH", kAccount, R"({"name":null})", "If-Match: \"3\"\r\n").header("ETag") == "\"3\"");
    CHECK(rest.worker.asked("accounts.update").at(0).document ==
          json{{"id", kId.to_string()}, {"patch", {{"name", nullptr}}}, {"expectedVersions", {3}}});
    CHECK(rest.ask("PATCH", kAccount, "{}", "If-Match: \"2\"\r\n").status == 412);
    CHECK(pointers(rest.ask("PATCH", kAccount, "[]")) == " ");
    CHECK(rest.ask("DELETE", kAccount).status == 405);
}

TEST_CASE("a statement is asked for by time and page")
{
    Rest rest;
    rest.worker.answers<contracts::AccountsStatement>([](const contracts::StatementGet&) {
        contracts::StatementEntry entry;
        entry.sequence = 1;
        entry.amount = 5;
        return contracts::StatementPage{{entry}, std::nullopt};
    });
    rest.start();
    const auto page = rest.get(kAccount + "/statement?from=2026-11-01T00:00:00Z&pageSize=10");
    CHECK(page.status == 200);
    CHECK(page.body.at("items")[0].at("amount") == 5);
    CHECK(rest.worker.asked("accounts.statement").at(0).document ==
          json{{"id", kId.to_string()}, {"from", "2026-11-01T00:00:00.000Z"}, {"pageSize", 10}});
    CHECK(pointers(rest.get(kAccount + "/statement?to=soon&currency=EUR")) == "/to /currency ");
}

TEST_CASE("a transfer is made with those linked to it, and says where it is")
{
    Rest rest;
    rest.worker.answers<contracts::TransfersCreate>([](const contracts::TransferCreate& asked) {
        if (asked.amount > 100)
            throw core::Error(core::ErrorCode::conflict, "no funds: 100 EUR are available");
        auto made = transfer<contracts::TransferCreated>();
        if (!asked.linked.empty()) made.linked.emplace({transfer(kOther)});
        made.is_replay = true;
        return made;
    });
    rest.worker.answers<contracts::TransfersGet>([](const auto&) { return transfer(); });
    rest.worker.answers<contracts::TransfersList>([](const auto&) {
        return contracts::TransferPage{{transfer()}, std::nullopt};
    });
    rest.start();
    json asked = {{"debit", {{"kind", "merchant"}}},
                  {"creditAccountId", kOther.to_string()},
                  {"amount", 100},
                  {"currency", "EUR"}};
    const auto alone = rest.post("/v1/transfers", asked.dump());
    CHECK(alone.status == 201);
    CHECK_FALSE(alone.body.contains("linked"));
    CHECK_FALSE(alone.body.contains("isReplay"));
    CHECK(alone.header("ETag").empty());
    asked["linked"] = json::array({asked});
    const auto made = rest.post("/v1/transfers", asked.dump(), "Idempotency-Key: \"k\"\r\n");
    CHECK(made.header("Location") == kTransfer);
    CHECK(made.header("Idempotency-Replayed") == "true");
    CHECK(made.body.at("linked")[0].at("id") == kOther.to_string());
    CHECK(rest.worker.asked("transfers.create").back().idempotency_key == "k");
    asked["amount"] = 101;
    const auto refused = rest.post("/v1/transfers", asked.dump());
    CHECK(refused.status == 409);
    CHECK(refused.body.at("detail") == "no funds: 100 EUR are available");

    CHECK(rest.get(kTransfer).body.at("state") == "pending");
    CHECK(rest.get("/v1/transfers?state=pending&accountId=" + kId.to_string()).body.at("items").size() == 1);
    CHECK(pointers(rest.get("/v1/transfers?state=done")) == "/state ");
}

TEST_CASE("a pending transfer is posted or voided under the client's key")
{
    Rest rest;
    rest.worker.answers<contracts::TransfersPost>([](const contracts::TransferPost& asked) {
        auto one = transfer<contracts::TransferChanged>(asked.id);
        one.state = contracts::TransferState::posted;
        one.posted_amount = asked.amount.value_or(one.amount);
        return one;
    });
    rest.worker.answers<contracts::TransfersVoid>(
        [](const contracts::TransferVoid&) -> contracts::TransferChanged {
            throw core::Error(core::ErrorCode::conflict, "the transfer has been posted");
        });
    rest.start();
    const auto part = rest.post(kTransfer + "/post", R"({"amount":40})", "Idempotency-Key: k\r\n");
    CHECK(part.status == 200);
    CHECK(part.body.at("postedAmount") == 40);
    CHECK_FALSE(part.body.contains("isReplay"));
    CHECK(rest.worker.asked("transfers.post").at(0).idempotency_key == "k");
    CHECK(rest.post(kTransfer + "/post").body.at("postedAmount") == 100);
    CHECK(pointers(rest.post(kTransfer + "/post", R"({"amount":0})")) == "/amount ");
    CHECK(rest.post(kTransfer + "/void").status == 409);
    CHECK(pointers(rest.post(kTransfer + "/void", R"({"reason":"x"})")) == " ");
}
