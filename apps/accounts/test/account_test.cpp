// What callers do with accounts, over a real broker and a real Postgres.

#include "ledger_fixture.hpp"
#include "lintel/accounts/sql/queries.hpp"

using namespace lintel;
using namespace lintel::accounts;
using core::ErrorCode;

namespace {

/// All pages of a list, one after the other.
std::vector<json> all_of(Ledger& ledger, const std::string& subject, json request)
{
    std::vector<json> items;
    do {
        const auto page = ledger.ask(subject, request);
        REQUIRE_MESSAGE(page.is_done(), page.why());
        for (const auto& item : page.body.at("items"))
            items.push_back(item);
        request["pageToken"] = page.body.value("nextPageToken", "");
    } while (request["pageToken"] != "");
    return items;
}

}  // namespace

TEST_CASE("every query can be prepared")
{
    const Database database;
    CHECK_NOTHROW(storage::prepare_all(database.url(), sql::all_queries));
}

TEST_CASE("there is one account of a kind, a currency and a customer")
{
    Ledger ledger;
    const auto customer = core::Id::generate().to_string();
    const json request = {
        {"kind", "customer"}, {"currency", "EUR"}, {"customerId", customer}, {"creditLimit", 500}};
    const auto made = ledger.ask("accounts.create", request, "k");
    REQUIRE(made.is_done());
    CHECK(made.body.at("available") == 500);
    CHECK(made.body.at("version") == 1);
    CHECK(made.body.at("deletedAt").is_null());
    const auto again = ledger.ask("accounts.create", request, "k");
    CHECK(again.id() == made.id());
    CHECK(again.body.at("isReplay") == true);
    auto other = request;
    other["currency"] = "USD";
    CHECK(ledger.ask("accounts.create", other, "k").is(ErrorCode::invalid));
    CHECK(ledger.ask("accounts.create", request).why() ==
          "there is a customer account in EUR of this customer already");
    CHECK(ledger.ask("accounts.create", other).is_done());
    CHECK(ledger.ask("accounts.create", {{"kind", "cash"}, {"currency", "EUR"}}).is_done());
    CHECK(ledger.ask("accounts.create", {{"kind", "cash"}, {"currency", "EUR"}}).is(ErrorCode::conflict));
    CHECK_FALSE(
        ledger.ask("accounts.create", {{"kind", "world"}, {"currency", "EUR"}}).body.contains("available"));

    const auto wrong = [&](const json& asked) { return ledger.ask("accounts.create", asked).pointers(); };
    CHECK(wrong({{"kind", "customer"}, {"currency", "EUR"}}) == "/customerId ");
    CHECK(wrong({{"kind", "merchant"}, {"currency", "EUR"}, {"customerId", customer}, {"creditLimit", 1}}) ==
          "/creditLimit /customerId ");
    CHECK(wrong({{"kind", "merchant"}, {"currency", "eur"}, {"balance", 5}}) == "/currency /balance ");
}

TEST_CASE("an account's description changes, what it is does not")
{
    Ledger ledger;
    const auto buyer = ledger.customer(100);
    const auto shop = ledger.open({{"kind", "merchant"}, {"name", "Shop"}});
    const auto patch = [&](const std::string& id, const json& changes, const json& more = json::object()) {
        json request = {{"id", id}, {"patch", changes}};
        request.update(more);
        return ledger.ask("accounts.update", request);
    };
    const auto named =
        patch(buyer, {{"name", "Anna"}, {"attributes", {{"a", 1}}}}, {{"expectedVersions", {1}}});
    CHECK(named.body.at("name") == "Anna");
    CHECK(named.body.at("version") == 2);
    CHECK(patch(buyer, {{"name", "Anna"}}).body.at("version") == 2);
    CHECK(patch(buyer, {{"name", nullptr}}, {{"expectedVersions", {1}}}).is(ErrorCode::precondition));
    const json once = {{"id", buyer}, {"patch", {{"name", "Beate"}}}, {"expectedVersions", {2}}};
    CHECK(ledger.ask("accounts.update", once, "k").body.at("version") == 3);
    CHECK(ledger.ask("accounts.update", once, "k").body.at("version") == 3);
    CHECK(ledger.ask("accounts.update", {{"id", buyer}, {"patch", {{"name", "C"}}}}, "k")
              .is(ErrorCode::invalid));
    CHECK(patch(buyer, {{"currency", "USD"}, {"balance", 1}}).pointers() == "/balance /currency ");
    CHECK(patch(shop, {{"creditLimit", 1}}).pointers() == "/creditLimit ");
    CHECK(patch(core::Id::generate().to_string(), json::object()).is(ErrorCode::not_found));

    ledger.move(buyer, shop, 30);
    ledger.reserve(buyer, shop, 40);
    CHECK(patch(buyer, {{"creditLimit", 69}}).is(ErrorCode::conflict));
    const auto less = patch(buyer, {{"creditLimit", 70}});
    CHECK(less.body.at("available") == 0);
    CHECK(less.body.at("debitsPending") == 40);
    CHECK(ledger.faults() == "");
}

TEST_CASE("accounts are listed, the newest first, by kind, currency and customer")
{
    Ledger ledger;
    const auto customer = core::Id::generate().to_string();
    std::vector<std::string> ids;
    for (const auto* currency : {"EUR", "USD", "GBP"})
        ids.insert(ids.begin(),
                   ledger.open({{"kind", "customer"}, {"customerId", customer}, {"currency", currency}}));
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto listed = [&](json filter) {
        filter["pageSize"] = 2;
        std::vector<std::string> found;
        for (const auto& item : all_of(ledger, "accounts.list", filter))
            found.push_back(item.at("id").get<std::string>());
        return found;
    };
    using Ids = std::vector<std::string>;
    CHECK(listed(json::object()) == Ids{shop, ids[0], ids[1], ids[2]});
    CHECK(listed({{"currency", "EUR"}}) == Ids{shop, ids[2]});
    CHECK(listed({{"kind", "customer"}}) == ids);
    CHECK(listed({{"kind", "merchant"}, {"currency", "USD"}}) == Ids{});
    CHECK(listed({{"customerId", customer}, {"currency", "USD"}}) == Ids{ids[1]});
    CHECK(listed({{"customerId", customer}, {"kind", "merchant"}}) == Ids{});
}

TEST_CASE("a statement has every entry with the balance after it, the oldest first")
{
    Ledger ledger;
    const auto buyer = ledger.customer(0, 1000);
    const auto shop = ledger.open({{"kind", "merchant"}});
    const auto order = core::Id::generate().to_string();
    for (int at = 1; at <= 6; ++at)
        ledger.move(buyer, shop, at, {{"orderId", order}, {"description", "part"}});
    const auto held = ledger.reserve(buyer, shop, 500);
    ledger.reserve(buyer, shop, 50);
    const auto refund = ledger.move(shop, buyer, 4);
    ledger.ask("transfers.post", {{"id", held.id()}, {"amount", 100}});

    const auto lines = all_of(ledger, "accounts.statement", {{"id", buyer}, {"pageSize", 3}});
    REQUIRE(lines.size() == 9);
    std::int64_t balance = 0;
    for (std::size_t at = 0; at < lines.size(); ++at) {
        CHECK(lines[at].at("sequence") == at + 1);
        const auto amount = lines[at].at("amount").get<std::int64_t>();
        balance += lines[at].at("side") == "debit" ? -amount : amount;
        CHECK(lines[at].at("balance") == balance);
    }
    CHECK(lines[1].at("orderId") == order);
    CHECK(lines[1].at("description") == "part");
    CHECK(lines[1].at("otherAccountId") == shop);
    CHECK(lines[7].at("transferId") == refund.id());
    CHECK(lines[7].at("side") == "credit");
    CHECK(lines[8].at("amount") == 100);
    CHECK(ledger.account(buyer).at("balance") == balance);

    // Half-open: what begins at an entry has it, what ends there has not.
    const auto middle = lines[4].at("postedAt");
    const auto before =
        all_of(ledger, "accounts.statement", {{"id", buyer}, {"to", middle}, {"pageSize", 2}});
    const auto after =
        all_of(ledger, "accounts.statement", {{"id", buyer}, {"from", middle}, {"pageSize", 2}});
    CHECK(before.size() + after.size() == 9);
    CHECK(before.size() <= 4);
    CHECK(after.back() == lines.back());
    CHECK(ledger.ask("accounts.statement", {{"id", core::Id::generate().to_string()}})
              .is(ErrorCode::not_found));
    CHECK(
        ledger.ask("accounts.statement", {{"id", buyer}, {"pageToken", "edited"}}).is(ErrorCode::malformed));
    CHECK(ledger.faults() == "");
}
