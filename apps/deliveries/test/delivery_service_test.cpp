// What callers do with deliveries, on a real Postgres.
#include "delivery_fixture.hpp"

#include "lintel/deliveries/sql/queries.hpp"

using namespace lintel;
using namespace lintel::deliveries;
using contracts::DeliveryState;
using core::ErrorCode;

TEST_CASE("every statement fits the schema")
{
    const Database database;
    CHECK_NOTHROW(storage::prepare_all(database.url(), sql::all_queries));
}

TEST_CASE("a delivery is planned, dispatched, delivered, and shown with all that happened")
{
    const Database database;
    Replica replica(database);
    auto request = order();
    request["recipient"] = "Anna Muster";
    request["address"] = {{"city", "Bern"}};
    request["lines"] = {{{"sku", "85123A"}, {"name", "HOLDER \"X\", {Y}"}, {"quantity", 6}},
                        {{"sku", "POST"}, {"quantity", 1}}};
    request["attributes"] = {{"floor", 3}};
    const auto made = replica.create(request);
    CHECK(made.state == DeliveryState::planned);
    CHECK(made.lines.size() == 2);
    CHECK(replica.show(made.id) == static_cast<const contracts::Delivery&>(made));
    const auto sent = replica.dispatch(made.id, {{"carrier", "Swiss Post"}, {"carrierReference", "99.1"}});
    CHECK(sent.state == DeliveryState::dispatched);
    CHECK(sent.attempts == 1);
    CHECK(replica.show(made.id) == static_cast<const contracts::Delivery&>(sent));
    replica.fail(made.id);
    CHECK(replica.show(made.id).is_final == false);
    replica.dispatch(made.id);
    const auto done = replica.deliver(made.id);
    CHECK(replica.show(made.id) == static_cast<const contracts::Delivery&>(done));
    CHECK(done.version == 5);
    CHECK(done.attempts == 2);
    REQUIRE(done.events.size() == 5);
    CHECK(done.events[1].carrier == "Swiss Post");
    CHECK(done.events[2].reason == "nobody at home");
    // Nobody is told who has not asked.
    CHECK(database.query("SELECT count(*) FROM intents") == "0");
    CHECK(refusal([&] { replica.cancel(made.id); }) == ErrorCode::conflict);
    CHECK(refusal([&] { replica.deliver(core::Id::generate()); }) == ErrorCode::not_found);
    CHECK(refusal([&] { replica.show(core::Id::generate()); }) == ErrorCode::not_found);
}

TEST_CASE("an order has one delivery that is not cancelled")
{
    const Database database;
    Replica replica(database);
    const auto id = core::Id::generate();
    const auto first = replica.create(order(id), "k");
    CHECK(refusal([&] { replica.create(order(id)); }) == ErrorCode::conflict);
    CHECK(replica.create(order(id), "k").is_replay);
    replica.cancel(first.id);
    const auto second = replica.create(order(id), "l");
    CHECK(second.id != first.id);
    // The first request is still what it was.
    CHECK(replica.create(order(id), "k").state == DeliveryState::cancelled);
    CHECK(refusal([&] { replica.create(order(), "k"); }) == ErrorCode::invalid);
    // A request that came to nothing leaves its key free.
    CHECK(refusal([&] { replica.create(order(id), "m"); }) == ErrorCode::conflict);
    replica.cancel(second.id);
    CHECK_FALSE(replica.create(order(id), "m").is_replay);
}

TEST_CASE("an order that many ask for at once has one delivery")
{
    const Database database;
    Replica one(database);
    Replica other(database);
    const auto id = core::Id::generate();
    std::atomic<int> made{0};
    std::atomic<int> refused{0};
    std::vector<std::jthread> callers;
    for (int at = 0; at < 12; ++at)
        callers.emplace_back([&, at] {
            auto& replica = at % 2 == 0 ? one : other;
            const auto why = refusal([&] { replica.create(order(id), "key-" + std::to_string(at)); });
            ++(why == ErrorCode::conflict ? refused : made);
        });
    callers.clear();
    CHECK(made == 1);
    CHECK(refused == 11);
}

TEST_CASE("a repeated command is carried out once, whatever has happened since")
{
    const Database database;
    Replica replica(database);
    const auto id = replica.create(order()).id;
    replica.dispatch(id, json::object(), "d1");
    CHECK_FALSE(replica.fail(id, false, "f1").is_replay);
    replica.dispatch(id, json::object(), "d2");
    const auto again = replica.fail(id, false, "f1");
    CHECK(again.is_replay);
    CHECK(again.state == DeliveryState::dispatched);
    CHECK(replica.dispatch(id, json::object(), "d1").is_replay);
    CHECK(replica.show(id).attempts == 2);
    CHECK(refusal([&] { replica.fail(id, true, "f1"); }) == ErrorCode::invalid);
    CHECK(refusal([&] { replica.dispatch(id, {{"carrier", "x"}}, "d3"); }) == ErrorCode::conflict);
    replica.fail(id);
    CHECK_FALSE(replica.dispatch(id, {{"carrier", "x"}}, "d3").is_replay);
}

TEST_CASE("what a workflow is to be told is promised with what it is told of")
{
    const Database database;
    Replica replica(database);
    const auto workflow = core::Id::generate();
    const auto id = replica.create(order_with_workflow(workflow)).id;
    replica.dispatch(id, {{"carrier", "Swiss Post"}}, "k");
    replica.dispatch(id, {{"carrier", "Swiss Post"}}, "k");
    replica.dispatch(id);
    CHECK(database.query("SELECT count(*) FROM intents") == "1");
    CHECK(replica.promises == 1);
    CHECK(database.query("SELECT subject || ' ' || idempotency_key || ' ' || resource_id FROM intents") ==
          "workflows.signal " + id.to_string() + "/dispatched " + id.to_string());
    const auto payload = json::parse(database.query("SELECT payload FROM intents"));
    CHECK(payload.at("id") == workflow.to_string());
    CHECK(payload.at("payload") ==
          json{{"isDispatched", true}, {"deliveryId", id.to_string()}, {"carrier", "Swiss Post"}});
    replica.fail(id);
    replica.dispatch(id);
    CHECK(database.query("SELECT count(*) FROM intents") == "1");

    // Neither is there without the other.
    database.query(
        "ALTER TABLE intents ADD CONSTRAINT no_more CHECK (idempotency_key NOT LIKE '%/delivered')");
    CHECK(refusal([&] { replica.deliver(id, "k"); }));
    CHECK(replica.show(id).state == DeliveryState::dispatched);
    database.query("ALTER TABLE intents DROP CONSTRAINT no_more");
    CHECK_FALSE(replica.deliver(id, "k").is_replay);
    CHECK(database.query("SELECT count(*) FROM intents") == "2");
}

TEST_CASE("of two commands that race one is carried out, and the other sees it")
{
    const Database database;
    Replica one(database);
    Replica other(database);
    for (int round = 0; round < 20; ++round) {
        const auto id = one.create(order_with_workflow()).id;
        one.dispatch(id);
        std::optional<ErrorCode> delivered;
        std::optional<ErrorCode> given_up;
        {
            std::jthread first([&] { delivered = refusal([&] { one.deliver(id); }); });
            std::jthread second([&] { given_up = refusal([&] { other.fail(id, true); }); });
        }
        const auto after = one.show(id);
        CHECK(delivered.has_value() != given_up.has_value());
        CHECK(after.state == (delivered ? DeliveryState::failed : DeliveryState::delivered));
        CHECK((delivered ? delivered : given_up) == ErrorCode::conflict);
        CHECK(after.events.size() == 3);
        CHECK(database.query("SELECT count(*) FROM intents WHERE idempotency_key = '" + id.to_string() +
                             "/delivered'") == "1");
    }
}

TEST_CASE("the same command from many is carried out once")
{
    const Database database;
    Replica one(database);
    Replica other(database);
    const auto id = one.create(order_with_workflow()).id;
    std::vector<std::jthread> callers;
    for (int at = 0; at < 12; ++at)
        callers.emplace_back([&, at] {
            (at % 2 == 0 ? one : other).dispatch(id, {{"carrier", "Swiss Post"}});
        });
    callers.clear();
    CHECK(one.show(id).attempts == 1);
    CHECK(one.show(id).events.size() == 2);
    CHECK(one.promises + other.promises == 1);
}

TEST_CASE("lists have pages, the newest first, by order and by state")
{
    const Database database;
    Replica replica(database);
    const auto of_one = core::Id::generate();
    std::vector<core::Id> ids;
    for (int at = 0; at < 5; ++at) {
        ids.push_back(replica.create(at < 2 ? order(of_one) : order()).id);
        if (at != 3) replica.cancel(ids.back());
    }
    const auto count = [&](json filter) {
        filter["pageSize"] = 2;
        std::vector<core::Id> found;
        for (bool more = true; more;) {
            const auto page =
                core::sync_wait(replica.service.list(soon(), contracts::parse_delivery_list(filter)));
            for (const auto& delivery : page.items)
                found.push_back(delivery.id);
            more = page.next_page_token.has_value();
            if (more) filter["pageToken"] = *page.next_page_token;
        }
        CHECK(std::ranges::is_sorted(found, std::greater()));
        return found.size();
    };
    CHECK(count(json::object()) == 5);
    CHECK(count({{"orderId", of_one.to_string()}}) == 2);
    CHECK(count({{"state", "cancelled"}}) == 4);
    CHECK(count({{"state", "planned"}}) == 1);
    CHECK(count({{"state", "planned"}, {"orderId", of_one.to_string()}}) == 0);
    CHECK(refusal([&] { count({{"pageToken", "edited"}}); }) == ErrorCode::malformed);
}
