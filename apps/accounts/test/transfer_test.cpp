// What callers do with transfers, over a real broker and a real Postgres.

#include "ledger_fixture.hpp"

using namespace lintel;
using namespace lintel::accounts;
using core::ErrorCode;

TEST_CASE("a transfer moves money from one account to another, at once")
{
    Ledger ledger;
    const auto buyer = ledger.customer(1000);
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto order = core::Id::generate().to_string();
    const auto made = ledger.move(
        buyer, shop, 250, {{"orderId", order}, {"description", "Order 17"}, {"attributes", {{"a", 1}}}});
    REQUIRE(made.is_done());
    CHECK(made.state() == "posted");
    CHECK(made.body.at("postedAmount") == 250);
    CHECK_FALSE(made.body.contains("linked"));
    CHECK_FALSE(made.body.contains("version"));
    auto shown = made.body;
    shown.erase("isReplay");
    CHECK(ledger.transfer(made.id()) == shown);

    const auto account = ledger.account(buyer);
    CHECK(account.at("debitsPosted") == 250);
    CHECK(account.at("balance") == -250);
    CHECK(account.at("available") == 750);
    CHECK(account.at("version") == 2);
    CHECK(ledger.account(shop).at("balance") == 250);
    CHECK(ledger.faults() == "");
}

TEST_CASE("accounts are found by whose they are, and by nothing else")
{
    Ledger ledger;
    const auto customer = core::Id::generate().to_string();
    const auto buyer = ledger.open({{"kind", "customer"}, {"customerId", customer}, {"creditLimit", 100}});
    const json of_customer = {{"kind", "customer"}, {"customerId", customer}};
    const json request = {
        {"debit", of_customer}, {"credit", {{"kind", "merchant"}}}, {"amount", 10}, {"currency", "EUR"}};
    const auto early = ledger.ask("transfers.create", request);
    CHECK(early.is(ErrorCode::conflict));
    CHECK(early.why() == "there is no merchant account in EUR");
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto made = ledger.ask("transfers.create", request);
    CHECK(made.body.at("debitAccountId") == buyer);
    CHECK(made.body.at("creditAccountId") == shop);

    auto dollars = request;
    dollars["currency"] = "USD";
    CHECK(ledger.ask("transfers.create", dollars).why() == "customer " + customer + " has no account in USD");
    const auto nobody = ledger.move(buyer, core::Id::generate().to_string(), 1);
    CHECK(nobody.is(ErrorCode::not_found));
    CHECK(ledger.move(buyer, shop, 1, {{"currency", "USD"}}).pointers() == "/currency ");
    CHECK(ledger.move(buyer, buyer, 1).pointers() == "/creditAccountId ");
    CHECK(ledger.move(buyer, shop, 1, {{"debit", of_customer}}).pointers() == "/debit ");
    CHECK(
        ledger
            .ask("transfers.create", {{"debit", {{"kind", "customer"}}}, {"amount", 1}, {"currency", "EUR"}})
            .pointers() == "/debit/customerId /credit ");
    CHECK(ledger.move(buyer, shop, 1, {{"expiresIn", "1h"}}).pointers() == "/expiresIn ");
    CHECK(ledger.reserve(buyer, shop, 1, {{"expiresIn", "999999d"}}).pointers() == "/expiresIn ");
    CHECK(ledger.move(buyer, shop, 0).pointers() == "/amount ");
    CHECK(ledger.faults() == "");
}

TEST_CASE("a pending transfer reserves, and is posted in part")
{
    Ledger ledger;
    const auto buyer = ledger.customer(100);
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto held = ledger.reserve(buyer, shop, 80);
    CHECK(held.state() == "pending");
    CHECK_FALSE(held.body.contains("expiresAt"));
    CHECK(ledger.account(buyer).at("available") == 20);
    CHECK(ledger.account(buyer).at("balance") == 0);
    CHECK(ledger.account(shop).at("creditsPending") == 80);
    CHECK(ledger.account(shop).at("available") == 0);
    CHECK(ledger.move(buyer, shop, 21).why() == "no funds: 20 EUR are available, 21 EUR are needed");
    CHECK(ledger.move(shop, buyer, 1).is(ErrorCode::conflict));

    CHECK(ledger.ask("transfers.post", {{"id", held.id()}, {"amount", 81}}).pointers() == "/amount ");
    const auto posted = ledger.ask("transfers.post", {{"id", held.id()}, {"amount", 50}});
    CHECK(posted.state() == "posted");
    CHECK(posted.body.at("amount") == 80);
    CHECK(posted.body.at("postedAmount") == 50);
    CHECK(posted.body.contains("resolvedAt"));
    CHECK(ledger.account(buyer).at("available") == 50);
    CHECK(ledger.account(shop).at("balance") == 50);
    CHECK(ledger.faults() == "");

    // The same again is as it is; anything else is against it.
    CHECK(ledger.ask("transfers.post", {{"id", held.id()}, {"amount", 50}}).body == posted.body);
    CHECK(ledger.ask("transfers.post", {{"id", held.id()}}).why() ==
          "the transfer has been posted with 50 EUR; it cannot be posted");
    CHECK(ledger.ask("transfers.void", {{"id", held.id()}}).is(ErrorCode::conflict));
    CHECK(ledger.ask("transfers.void", {{"id", core::Id::generate().to_string()}}).is(ErrorCode::not_found));
    CHECK(ledger.faults() == "");
}

TEST_CASE("a voided transfer gives back what it reserved, once")
{
    Ledger ledger;
    const auto buyer = ledger.customer(100);
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto held = ledger.reserve(buyer, shop, 80);
    const auto voided = ledger.ask("transfers.void", {{"id", held.id()}});
    CHECK(voided.state() == "voided");
    CHECK_FALSE(voided.body.contains("postedAmount"));
    CHECK(ledger.ask("transfers.void", {{"id", held.id()}}).body == voided.body);
    CHECK(ledger.ask("transfers.post", {{"id", held.id()}}).why() ==
          "the transfer has been voided; it cannot be posted");
    CHECK(ledger.account(buyer).at("available") == 100);
    CHECK(ledger.faults() == "");
}

TEST_CASE("what has expired is not posted, and is swept up once")
{
    Ledger ledger(2);
    const auto buyer = ledger.customer(100);
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto late = ledger.reserve(buyer, shop, 10, {{"expiresIn", "1ms"}});
    const auto swept = ledger.reserve(buyer, shop, 20, {{"expiresIn", "1ms"}});
    const auto lasting = ledger.reserve(buyer, shop, 30, {{"expiresIn", "1h"}});
    std::this_thread::sleep_for(5ms);
    CHECK(ledger.ask("transfers.post", {{"id", late.id()}}).why() ==
          "the transfer has expired; it cannot be posted");
    CHECK(ledger.transfer(late.id()).at("state") == "expired");
    CHECK(ledger.ask("transfers.void", {{"id", late.id()}}).state() == "expired");

    CHECK(ledger.replicas[0]->expire() + ledger.replicas[1]->expire() == 1);
    CHECK(ledger.transfer(swept.id()).at("state") == "expired");
    CHECK(ledger.transfer(lasting.id()).at("state") == "pending");
    CHECK(ledger.account(buyer).at("available") == 70);
    CHECK(ledger.faults() == "");
}

TEST_CASE("a pending transfer that says never outlasts the default")
{
    Ledger ledger;
    const auto buyer = ledger.customer(100);
    const auto shop = ledger.open({{"kind", "merchant"}});
    auto& replica = *ledger.replicas.front();
    TransferService::Options options;
    options.transfer_ttl = 1ms;
    TransferService impatient{replica.transfer_repository, replica.batch, options};
    const auto reserve = [&](const json& more) {
        json request{{"debitAccountId", buyer},
                     {"creditAccountId", shop},
                     {"amount", 10},
                     {"currency", "EUR"},
                     {"isPending", true}};
        request.update(more);
        return core::sync_wait(impatient.create(soon(), contracts::parse_transfer_create(request), {}));
    };
    const auto lasting = reserve({{"expiresIn", "0s"}});
    CHECK_FALSE(lasting.expires_at);
    CHECK(reserve(json::object()).expires_at);
    std::this_thread::sleep_for(5ms);
    CHECK(replica.expire() == 1);
    CHECK(ledger.ask("transfers.post", {{"id", lasting.id.to_string()}}).state() == "posted");
    CHECK(ledger.reserve(buyer, shop, 10, {{"expiresIn", "0s"}}).field("expiresAt").empty());
}

TEST_CASE("linked transfers are made together or not at all")
{
    Ledger ledger;
    const auto buyer = ledger.customer(100);
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto till = ledger.open({{"kind", "cash"}});
    const auto fee = [&](std::int64_t amount) {
        return json{{"debit", {{"kind", "merchant"}}},
                    {"creditAccountId", till},
                    {"amount", amount},
                    {"currency", "EUR"}};
    };
    const auto made = ledger.move(buyer, shop, 50, {{"linked", {fee(5), fee(6)}}}, "split");
    REQUIRE_MESSAGE(made.is_done(), made.why());
    REQUIRE(made.body.at("linked").size() == 2);
    CHECK(made.body.at("linked")[1].at("amount") == 6);
    CHECK(made.body.at("linked")[1].at("linkedTo") == made.id());
    const auto again = ledger.move(buyer, shop, 50, {{"linked", {fee(5), fee(6)}}}, "split");
    CHECK(again.body.at("linked") == made.body.at("linked"));
    CHECK(again.body.at("isReplay") == true);

    const auto refused = ledger.move(buyer, shop, 50, {{"linked", {fee(89), fee(1)}}});
    CHECK(refused.is(ErrorCode::conflict));
    CHECK(refused.pointers() == "/linked/1/amount ");
    CHECK(ledger.account(buyer).at("debitsPosted") == 50);
    CHECK(ledger.account(till).at("balance") == 11);
    CHECK(ledger.move(buyer, shop, 1, {{"linked", {{{"amount", 1}, {"currency", "EUR"}}}}}).pointers() ==
          "/linked/0/debit /linked/0/credit ");
    CHECK(ledger.faults() == "");
}

TEST_CASE("a repeated request has its effect once")
{
    Ledger ledger(2);
    const auto buyer = ledger.customer(1000);
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto first = ledger.reserve(buyer, shop, 10);
    const auto made = ledger.move(buyer, shop, 10, {}, "k");
    CHECK(made.body.at("isReplay") == false);
    const auto again = ledger.move(buyer, shop, 10, {}, "k");
    CHECK(again.id() == made.id());
    CHECK(again.body.at("isReplay") == true);
    CHECK(ledger.move(buyer, shop, 11, {}, "k").is(ErrorCode::invalid));

    // A request that came to nothing leaves its key free.
    CHECK(ledger.move(buyer, shop, 5000, {}, "l").is(ErrorCode::conflict));
    CHECK(ledger.move(buyer, shop, 20, {}, "l").is_done());

    const auto posted = ledger.ask("transfers.post", {{"id", first.id()}}, "k");
    CHECK(posted.body.at("isReplay") == false);
    CHECK(ledger.ask("transfers.post", {{"id", first.id()}}, "k").body.at("isReplay") == true);
    CHECK(ledger.ask("transfers.post", {{"id", made.id()}}, "k").is(ErrorCode::invalid));

    std::atomic<int> fresh = 0;
    together(16, [&](int) {
        const auto one = ledger.move(buyer, shop, 7, {}, "many");
        CHECK_MESSAGE(one.is_done(), one.why());
        fresh += one.body.value("isReplay", true) ? 0 : 1;
    });
    CHECK(fresh == 1);
    CHECK(ledger.account(buyer).at("debitsPosted") == 47);
    CHECK(ledger.faults() == "");
}

TEST_CASE("a command whose commit nobody heard of finds what it has done")
{
    Ledger ledger;
    const auto buyer = ledger.customer(100);
    const auto shop = ledger.open({{"kind", "merchant"}});
    NewTransfer made;
    made.transfer.id = core::Id::generate();
    made.transfer.amount = 60;
    made.transfer.currency = "EUR";
    made.transfer.state = contracts::TransferState::posted;
    made.debit.id = core::Id::parse(buyer);
    made.credit.id = core::Id::parse(shop);
    TransferCommand command;
    command.what = MakeTransfers{{made}};
    command.key = storage::make_idempotency_key("transfers.create", "k", "request", 1h);
    const std::vector commands{std::make_shared<const TransferCommand>(command)};
    for (int round = 0; round < 2; ++round) {
        const auto outcomes =
            core::sync_wait(ledger.replicas[0]->pool.transact(soon(), [&](storage::Transaction& transaction) {
                return run_transfers(transaction, commands, Contention::defer);
            }));
        REQUIRE(outcomes.size() == 1);
        CHECK_FALSE(outcomes[0].refusal);
        CHECK_FALSE(outcomes[0].is_replay);
        CHECK(outcomes[0].transfers.at(0).id == made.transfer.id);
    }
    CHECK(ledger.account(buyer).at("debitsPosted") == 60);
    CHECK(ledger.faults() == "");
}

TEST_CASE("lists have pages, the newest first, by account, order and state")
{
    Ledger ledger;
    const auto buyer = ledger.customer(1000);
    const auto other = ledger.customer(1000);
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto order = core::Id::generate().to_string();
    std::vector<std::string> ids;
    for (int at = 0; at < 5; ++at)
        ids.insert(ids.begin(), ledger.reserve(buyer, shop, 10 + at, {{"orderId", order}}).id());
    ledger.ask("transfers.post", {{"id", ids[0]}});
    ledger.ask("transfers.void", {{"id", ids[4]}});
    const auto loose = ledger.move(other, shop, 1).id();

    const auto listed = [&](json filter) {
        std::vector<std::string> found;
        filter["pageSize"] = 2;
        do {
            const auto page = ledger.ask("transfers.list", filter);
            REQUIRE_MESSAGE(page.is_done(), page.why());
            for (const auto& item : page.body.at("items"))
                found.push_back(item.at("id").get<std::string>());
            filter["pageToken"] = page.body.value("nextPageToken", "");
        } while (filter["pageToken"] != "");
        return found;
    };
    using Ids = std::vector<std::string>;
    auto all = ids;
    all.insert(all.begin(), loose);
    CHECK(listed(json::object()) == all);
    CHECK(listed({{"accountId", shop}}) == all);
    CHECK(listed({{"accountId", buyer}}) == ids);
    CHECK(listed({{"orderId", order}, {"accountId", shop}}) == ids);
    CHECK(listed({{"orderId", order}, {"accountId", other}}) == Ids{});
    CHECK(listed({{"state", "posted"}}) == Ids{loose, ids[0]});
    CHECK(listed({{"state", "pending"}}) == Ids{ids[1], ids[2], ids[3]});
    CHECK(listed({{"state", "pending"}, {"accountId", buyer}}) == Ids{ids[1], ids[2], ids[3]});
    CHECK(listed({{"state", "voided"}, {"orderId", order}}) == Ids{ids[4]});
    CHECK(listed({{"state", "expired"}}) == Ids{});
    CHECK(ledger.ask("transfers.list", {{"pageToken", "edited"}}).is(ErrorCode::malformed));
}

TEST_CASE("what was written never changes, whoever tries")
{
    Ledger ledger;
    const auto buyer = ledger.customer(100);
    ledger.move(buyer, ledger.open({{"kind", "merchant"}}), 10);
    CHECK_THROWS(ledger.database.query("UPDATE transfers SET amount = 1"));
    CHECK_THROWS(ledger.database.query("DELETE FROM entries"));
    CHECK_THROWS(ledger.database.query("UPDATE transfer_resolutions SET outcome = 'voided', amount = NULL"));
    CHECK_THROWS(ledger.database.query("UPDATE accounts SET debits_pending = 101 WHERE kind = 'customer'"));
    CHECK(ledger.faults() == "");
}
