// Holds and their stock on a real Postgres.

#include "inventory_fixture.hpp"

#include "lintel/inventory/sql/queries.hpp"

using namespace lintel;
using namespace lintel::inventory;
using contracts::HoldState;
using core::ErrorCode;

namespace {

/// Lets the time of a hold pass.
void is_due(const Database& database, const core::Id& hold)
{
    database.query("UPDATE holds SET expires_at = now() - interval '1 second' WHERE id = '" +
                   hold.to_string() + "'");
}

}  // namespace

TEST_CASE("every query is accepted by the migrated schema")
{
    const Database database;
    CHECK_NOTHROW(storage::prepare_all(database.url(), sql::all_queries));
}

TEST_CASE("a hold keeps name and price, and gives its lines and their total")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10, 250);
    replica.stock_up("cup", 4, 99);
    const auto hold = replica.reserve(Lines{{"tea", 2}, {"cup", 1}, {"tea", 3}});
    CHECK(hold.state == HoldState::held);
    CHECK(hold.version == 1);
    CHECK(hold.total == 5 * 250 + 99);
    REQUIRE(hold.lines.size() == 3);
    CHECK(hold.lines[2].line == 3);
    CHECK(hold.lines[2].name == "the tea");
    CHECK(hold.lines[2].amount == 750);
    CHECK(hold.expires_at - hold.created_at == 15min);
    CHECK(database.stock("tea") == "10/5");
    CHECK(database.stock("cup") == "4/1");

    core::sync_wait(replica.products.update(soon(), {"tea", R"({"price":300,"name":"finer tea"})", {}}, {}));
    CHECK(replica.show(hold.id) == contracts::Hold(hold));
    CHECK(replica.reserve(Lines{{"tea", 1}}).total == 300);
    CHECK(replica.show(hold.id).lines[0].unit_price == 250);
    CHECK(database.wrong_stock().empty());
}

TEST_CASE("all lines or none: what is wrong with each is said")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 5);
    replica.stock_up("cup", 1);
    replica.stock_up("pot", 0);
    replica.create({{"sku", "yen"}, {"name", "yen"}, {"price", 1}, {"currency", "JPY"}});

    const auto unknown = refusal([&] {
        replica.reserve(Lines{{"tea", 1}, {"rum", 1}, {"yen", 1}, {"cup", 9}});
    });
    CHECK(unknown.code == ErrorCode::invalid);
    CHECK(unknown.faults == Faults{"/lines/1/sku there is no product 'rum'",
                                   "/lines/2/sku the price of 'yen' is in JPY, not in EUR"});
    const auto lacking = refusal([&] {
        replica.reserve(Lines{{"tea", 3}, {"cup", 2}, {"tea", 3}, {"pot", 1}});
    });
    CHECK(lacking.code == ErrorCode::conflict);
    CHECK(lacking.faults == Faults{"/lines/1/quantity 1 of 2 are available",
                                   "/lines/2/quantity 2 of 3 are available",
                                   "/lines/3/quantity 0 of 1 are available"});
    CHECK(refusal([&] {
              replica.reserve(replica.order(Lines{{"tea", 1}}, {{"expiresIn", "999ms"}}));
          }).faults == Faults{"/expiresIn must be from 1s to 30d"});
    CHECK(database.stock("tea") == "5/0");
    CHECK(database.stock("cup") == "1/0");
    CHECK(database.query("SELECT count(*) FROM holds") == "0");
    CHECK(database.query("SELECT count(*) FROM idempotency_keys") == "0");
}

TEST_CASE("confirmed and released once, however often it is said")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    const auto hold = replica.reserve(Lines{{"tea", 4}});
    CHECK(replica.confirm(hold.id).state == HoldState::confirmed);
    CHECK(database.stock("tea") == "6/0");
    CHECK(replica.confirm(hold.id).version == 2);
    CHECK(database.stock("tea") == "6/0");
    const auto released = replica.release(hold.id);
    CHECK(released.state == HoldState::released);
    CHECK(released.release_reason == "changed their mind");
    CHECK(released.ended_at);
    CHECK(database.stock("tea") == "10/0");
    CHECK(replica.release(hold.id).version == 3);
    const auto late = refusal([&] { replica.confirm(hold.id); });
    CHECK(late.code == ErrorCode::conflict);
    CHECK(late.detail == "the hold is released and cannot be confirmed");

    const auto other = replica.reserve(Lines{{"tea", 4}});
    CHECK(replica.release(other.id).state == HoldState::released);
    CHECK(database.stock("tea") == "10/0");
    CHECK(refusal([&] { replica.confirm(core::Id::generate()); }).code == ErrorCode::not_found);
    CHECK(refusal([&] { replica.release(core::Id::generate()); }).code == ErrorCode::not_found);
    CHECK(refusal([&] { replica.show(core::Id::generate()); }).code == ErrorCode::not_found);
    CHECK(database.wrong_stock().empty());
}

TEST_CASE("what is held too long is given back; confirmed late it takes what is there, or nothing")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    const auto kept = replica.reserve(Lines{{"tea", 1}});
    const auto late = replica.reserve(Lines{{"tea", 6}});
    is_due(database, late.id);
    replica.let_expire();
    CHECK(replica.show(kept.id).state == HoldState::held);
    CHECK(replica.show(late.id).state == HoldState::expired);
    CHECK(replica.show(late.id).version == 2);
    CHECK(database.stock("tea") == "10/1");

    const auto other = replica.reserve(Lines{{"tea", 5}});
    const auto refused = refusal([&] { replica.confirm(late.id); });
    CHECK(refused.code == ErrorCode::conflict);
    CHECK(refused.faults == Faults{"/lines/0/quantity 4 of 6 are available"});
    replica.release(other.id);
    const auto confirmed = replica.confirm(late.id);
    CHECK(confirmed.state == HoldState::confirmed);
    CHECK_FALSE(confirmed.ended_at);
    CHECK(database.stock("tea") == "4/1");
    CHECK(database.wrong_stock().empty());
}

TEST_CASE("an expired hold that is released stays so, however late a confirmation comes")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    const auto hold = replica.reserve(Lines{{"tea", 6}});
    is_due(database, hold.id);
    replica.let_expire();
    CHECK(replica.release(hold.id).state == HoldState::released);
    CHECK(refusal([&] { replica.confirm(hold.id); }).code == ErrorCode::conflict);
    CHECK(database.stock("tea") == "10/0");
    CHECK(database.wrong_stock().empty());
}

TEST_CASE("a hold that is due and that nobody has swept is confirmed as it is")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 5);
    const auto hold = replica.reserve(Lines{{"tea", 5}});
    is_due(database, hold.id);
    CHECK(replica.confirm(hold.id).state == HoldState::confirmed);
    replica.let_expire();
    CHECK(replica.show(hold.id).state == HoldState::confirmed);
    CHECK(database.stock("tea") == "0/0");
}

TEST_CASE("many expired holds are given back by several replicas, each once")
{
    const Database database;
    Replica one(database);
    Replica two(database);
    one.stock_up("tea", 1000);
    for (int at = 0; at < 230; ++at)
        one.reserve(Lines{{"tea", 2}});
    database.query("UPDATE holds SET expires_at = now() - interval '1 second'");
    core::spawn(two.expiry.run(soon()));
    for (int at = 0; at < 100 && database.stock("tea") != "1000/0"; ++at)
        one.let_expire();
    CHECK(database.stock("tea") == "1000/0");
    CHECK(database.query("SELECT count(*) FROM stock_movements WHERE kind = 'expired'") == "230");
    CHECK(database.wrong_stock().empty());
}

TEST_CASE("what comes back goes on the shelf, never more than was taken")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    replica.stock_up("cup", 10);
    const auto hold = replica.reserve(Lines{{"tea", 2}, {"cup", 1}, {"tea", 3}});
    CHECK(refusal([&] {
              replica.restock(hold, Lines{{"tea", 1}});
          }).detail == "the hold is held and cannot be given back in part");
    replica.confirm(hold.id);

    const auto back = replica.restock(hold, Lines{{"tea", 3}});
    CHECK(back.lines[0].returned == 2);
    CHECK(back.lines[2].returned == 1);
    CHECK(database.stock("tea") == "8/0");
    const auto more = refusal([&] { replica.restock(hold, Lines{{"tea", 1}, {"cup", 2}, {"tea", 2}}); });
    CHECK(more.code == ErrorCode::conflict);
    CHECK(more.faults ==
          Faults{"/lines/1/quantity 1 of 2 can come back", "/lines/2/quantity 1 of 2 can come back"});
    const auto unknown = refusal([&] { replica.restock(hold, Lines{{"rum", 1}}); });
    CHECK(unknown.code == ErrorCode::invalid);
    CHECK(unknown.faults == Faults{"/lines/0/sku 'rum' is not in the hold"});
    auto stranger = contracts::Hold(hold);
    stranger.order_id = core::Id::generate();
    CHECK(refusal([&] {
              replica.restock(stranger, Lines{{"tea", 1}});
          }).faults == Faults{"/orderId is not the order of the hold"});

    replica.release(hold.id);
    CHECK(database.stock("tea") == "10/0");
    CHECK(database.stock("cup") == "10/0");
    CHECK(database.wrong_stock().empty());
}

TEST_CASE("a repeated request has one effect, and is answered with what became of it")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    const auto request = replica.order(Lines{{"tea", 4}});
    const auto first = replica.reserve(request, "k");
    CHECK_FALSE(first.is_replay);
    replica.confirm(first.id, "k");
    const auto again = replica.reserve(request, "k");
    CHECK(again.is_replay);
    CHECK(again.id == first.id);
    CHECK(again.state == HoldState::confirmed);
    CHECK(replica.confirm(first.id, "k").is_replay);
    CHECK(refusal([&] {
              replica.reserve(replica.order(Lines{{"tea", 4}}), "k");
          }).code == ErrorCode::invalid);
    CHECK(replica.restock(first, Lines{{"tea", 1}}, "r").lines[0].returned == 1);
    CHECK(replica.restock(first, Lines{{"tea", 1}}, "r").is_replay);
    CHECK(replica.restock(first, Lines{{"tea", 1}}, "s").lines[0].returned == 2);
    CHECK(database.stock("tea") == "8/0");
    // A return comes back once, under whatever key; and what has neither name nor key, not at all.
    const auto made = core::Id::generate();
    CHECK(replica.restock(first, Lines{{"tea", 1}}, "t", made).lines[0].returned == 3);
    CHECK(replica.restock(first, Lines{{"tea", 1}}, "", made).is_replay);
    CHECK(refusal([&] { replica.restock(first, Lines{{"tea", 2}}, "u", made); }).code == ErrorCode::invalid);
    CHECK(refusal([&] {
              replica.restock(first, Lines{{"tea", 1}}, "");
          }).faults == Faults{"/returnId is missing, and so is an Idempotency-Key"});
    CHECK(database.stock("tea") == "9/0");
    replica.adjust("tea", -1, "count");

    // A request that came to nothing leaves its key free.
    const auto large = replica.order(Lines{{"tea", 20}});
    CHECK(refusal([&] { replica.reserve(large, "l"); }).code == ErrorCode::conflict);
    replica.adjust("tea", 20, "purchase");
    CHECK_FALSE(replica.reserve(large, "l").is_replay);
    CHECK(database.wrong_stock().empty());
}

TEST_CASE("holds are found by order and state, page by page")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 100);
    std::vector<core::Id> made;
    for (int at = 0; at < 5; ++at)
        made.push_back(replica.reserve(Lines{{"tea", 1}}).id);
    replica.confirm(made[1]);
    const auto found = [&](const json& filter) {
        auto request = contracts::parse_hold_list(filter);
        request.page_size = 2;
        std::vector<core::Id> ids;
        do {
            const auto page = core::sync_wait(replica.holds.list(soon(), request));
            for (const auto& hold : page.items)
                ids.push_back(hold.id);
            request.page_token = page.next_page_token;
        } while (request.page_token);
        return ids;
    };
    using Ids = std::vector<core::Id>;
    CHECK(found(json::object()) == Ids(made.rbegin(), made.rend()));
    CHECK(found({{"state", "held"}}) == Ids{made[4], made[3], made[2], made[0]});
    CHECK(found({{"state", "confirmed"}}) == Ids{made[1]});
    CHECK(found({{"orderId", replica.show(made[2]).order_id.to_string()}}) == Ids{made[2]});
}
