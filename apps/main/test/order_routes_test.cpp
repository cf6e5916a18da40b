// Orders over REST on a real Postgres and a real broker: what is stored, and what the client is answered.
#include <doctest/doctest.h>

#include <thread>

#include "lintel/core/time.hpp"
#include "lintel/testing/eventually.hpp"
#include "order_fixture.hpp"

using namespace lintel;
using namespace lintel::main::test;

TEST_CASE("an order is placed although nobody carries it out yet, and its workflow is promised")
{
    Rest rest;
    start(rest);
    const auto placed = rest.post("/v1/orders", kOrder, "Idempotency-Key: k-1\r\n");
    REQUIRE(placed.status == 201);
    CHECK(placed.body.at("status") == "placed");
    CHECK(placed.body.at("workflow").at("status") == "pending");
    CHECK_FALSE(placed.body.at("workflow").contains("id"));
    CHECK(placed.header("Location") == path_of(placed));
    CHECK(placed.header("ETag") == "\"1\"");
    CHECK(placed.header("Preference-Applied").empty());
    const auto id = placed.body.at("id").get<std::string>();
    CHECK(
        rest.query("SELECT subject || ' ' || idempotency_key || ' ' || (payload::jsonb->>'key') FROM intents "
                   "WHERE resource_id = '" +
                   id + "'") == "workflows.start order-fulfilment/" + id + " " + id);
    CHECK(rest.query("SELECT number || type || status || length(trace_id) FROM order_events") ==
          "1placedplaced32");

    const auto again = rest.post("/v1/orders", kOrder, "Idempotency-Key: \"k-1\"\r\n");
    CHECK(again.status == 201);
    CHECK(again.body.at("id") == id);
    CHECK(again.header("Idempotency-Replayed") == "true");
    auto other = json::parse(kOrder);
    other["currency"] = "EUR";
    CHECK(rest.post("/v1/orders", other.dump(), "Idempotency-Key: k-1\r\n").status == 422);
    CHECK(rest.query("SELECT count(*) FROM orders") == "1");

    CHECK(rest.get(path_of(placed)).body.at("lines") == json::parse(kOrder).at("lines"));
    CHECK(rest.get(path_of(placed), "If-None-Match: \"1\"\r\n").status == 304);
    CHECK(rest.get("/v1/orders/019a9f5e-6f21-7d10-8a44-c20b9e6f7000").status == 404);
    CHECK(rest.post("/v1/orders", R"({"lines":[]})").body.at("errors").size() == 4);
}

TEST_CASE("the workflow is started at once where a worker answers")
{
    Rest rest;
    rest.worker.answers<contracts::WorkflowsStart>([](const contracts::WorkflowStart& asked) {
        contracts::WorkflowStarted started;
        started.id = core::Id::generate();
        started.version = 1;
        started.name = started.definition = asked.definition;
        started.status = contracts::WorkflowStatus::running;
        return started;
    });
    start(rest);
    const auto placed = rest.post("/v1/orders", kOrder);
    CHECK(placed.body.at("workflow").at("name") == "order-fulfilment");
    CHECK(placed.body.at("workflow").at("status") == "running");
    CHECK(placed.body.at("workflow").contains("id"));
    const auto asked = rest.worker.asked("workflows.start").at(0);
    CHECK(asked.document.at("input").at("orderId") == placed.body.at("id"));
    CHECK(asked.document.at("conflict") == "useExisting");
}

TEST_CASE("a request may wait for the decision, wherever that is taken")
{
    Rest rest;
    start(rest);
    std::thread decides([&] {
        for (int decided = 0; decided < 2; std::this_thread::sleep_for(10ms)) {
            const auto id = rest.query("SELECT id FROM orders WHERE status = 'placed'");
            if (id.empty()) continue;
            main::test::Answer placed;
            placed.body["id"] = id;
            if (decided++ == 0)
                move(rest, placed, contracts::OrderMove::confirmed, kHold);
            else
                rest.query("UPDATE orders SET status = 'rejected', version = 2");
        }
    });
    const auto confirmed = rest.post("/v1/orders", kOrder, "Prefer: respond-async, wait=20\r\n");
    CHECK(confirmed.body.at("status") == "confirmed");
    CHECK(confirmed.body.at("total") == 650);
    CHECK(confirmed.header("ETag") == "\"2\"");
    // The time of a request that asks for no wait is shorter.
    CHECK(confirmed.header("Preference-Applied") == "wait=20");
    const auto rejected = rest.post("/v1/orders", kOrder, "Prefer: wait=90\r\n");
    CHECK(rejected.body.at("status") == "rejected");
    CHECK(rejected.header("Preference-Applied") == "wait=30");
    decides.join();
    const auto soon = "Prefer: wait=20\r\nDeadline: " + core::to_rfc3339(core::now() + 2s) + "\r\n";
    const auto hasty = rest.post("/v1/orders", kOrder, soon);
    CHECK(hasty.status == 201);
    CHECK(hasty.body.at("status") == "placed");
    CHECK(hasty.header("Preference-Applied") < "wait=2");
    CHECK(rest.post("/v1/orders", kOrder, "Prefer: wait=0\r\n").body.at("status") == "placed");
}

TEST_CASE("nobody waits for a decision while main stops")
{
    Rest rest;
    start(rest);
    std::thread stops([&] {
        CHECK(testing::eventually(10s, [&] { return rest.query("SELECT count(*) FROM orders") == "1"; }));
        rest.end_waits();
    });
    for (int order = 0; order < 2; ++order) {
        const auto placed = rest.post("/v1/orders", kOrder, "Prefer: wait=30\r\n");
        CHECK(placed.status == 201);
        CHECK(placed.body.at("status") == "placed");
        if (order == 0) stops.join();
    }
}

TEST_CASE("the building of an order must be there when it is placed, and may go later")
{
    Rest rest;
    start(rest);
    const auto placed = rest.post("/v1/orders", kOrder, "Idempotency-Key: k\r\n");
    REQUIRE(placed.status == 201);
    rest.query("UPDATE buildings SET deleted_at = now()");
    const auto again = rest.post("/v1/orders", kOrder, "Idempotency-Key: k\r\n");
    CHECK(again.status == 201);
    CHECK(again.body.at("id") == placed.body.at("id"));
    move(rest, placed, contracts::OrderMove::confirmed, kHold);
    const auto refused = rest.post("/v1/orders", kOrder, "Idempotency-Key: l\r\n");
    CHECK(refused.status == 422);
    CHECK(refused.body.at("errors") == json{{{"pointer", "/buildingId"}, {"detail", "is not a building"}}});
    CHECK(rest.post("/v1/orders", kOrder).status == 422);
    CHECK(rest.query("SELECT count(*) FROM orders") == "1");
    rest.query("UPDATE buildings SET deleted_at = NULL");
    CHECK(rest.post("/v1/orders", kOrder, "Idempotency-Key: l\r\n").status == 201);
}

TEST_CASE("goods come back after the order is completed, and the return's workflow is promised")
{
    Rest rest;
    start(rest);
    const auto placed = rest.post("/v1/orders", kOrder);
    const auto returns = path_of(placed) + "/returns";
    const std::string one = R"({"lines":[{"sku":"a","quantity":1}],"reason":"broken"})";
    CHECK(rest.post(returns, one).status == 409);
    complete(rest, placed);
    const auto made = rest.post(returns, one, "Idempotency-Key: r\r\n");
    REQUIRE(made.status == 201);
    CHECK(made.body.at("amount") == 100);
    CHECK(made.body.at("status") == "requested");
    const auto again = rest.post(returns, one, "Idempotency-Key: r\r\n");
    CHECK(again.body.at("id") == made.body.at("id"));
    CHECK(again.header("Idempotency-Replayed") == "true");
    // Another request under the key is refused, and does not make the first one new.
    CHECK(rest.post(returns, R"({"lines":[{"sku":"a","quantity":2}]})", "Idempotency-Key: r\r\n").status ==
          422);
    CHECK(rest.post(returns, one, "Idempotency-Key: r\r\n").body.at("id") == made.body.at("id"));
    const auto input = json::parse(rest.query("SELECT payload FROM intents WHERE resource_id = '" +
                                              made.body.at("id").get<std::string>() + "'"))
                           .at("input");
    CHECK(input.at("amount") == 100);
    CHECK(input.at("lines") == json::parse(R"([{"sku":"a","quantity":1}])"));

    const auto much = rest.post(returns, R"({"lines":[{"sku":"a","quantity":6}]})", "Idempotency-Key: s\r\n");
    CHECK(much.status == 409);
    CHECK(much.body.at("errors").at(0).at("detail") == "5 of 6 can come back");
    CHECK(rest.post(returns, R"({"lines":[{"sku":"a","quantity":5}]})", "Idempotency-Key: s\r\n").status ==
          201);
    const auto page = rest.get(returns + "?pageSize=1");
    CHECK(page.body.at("items").size() == 1);
    CHECK(rest.get(returns + "?pageToken=" + page.body.at("nextPageToken").get<std::string>())
              .body.at("items")
              .at(0)
              .at("id") == made.body.at("id"));

    const auto moved = move(rest, placed, contracts::OrderMove::returned,
                            {{"returnId", made.body.at("id")}, {"refundId", kId}}, "w/returned/0");
    CHECK(moved.status == contracts::OrderStatus::partially_returned);
    CHECK(rest.get(path_of(placed)).body.at("refunded") == 100);
}

TEST_CASE("orders are listed by whose they are, where from and how far, page by page")
{
    Rest rest;
    start(rest);
    auto order = json::parse(kOrder);
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) {
        if (i == 3) order["customerId"] = "019a9f5e-6f21-7d10-8a44-c20b9e6f7c02";
        ids.push_back(rest.post("/v1/orders", order.dump()).body.at("id").get<std::string>());
    }
    rest.post("/v1/orders/" + ids[0] + "/cancel");
    const auto count = [&](const std::string& query) {
        return rest.get("/v1/orders" + query).body.at("items").size();
    };
    CHECK(count("") == 5);
    CHECK(count("?customerId=019a9f5e-6f21-7d10-8a44-c20b9e6f7c01") == 3);
    CHECK(count("?buildingId=019a9f5e-6f21-7d10-8a44-c20b9e6f7b01&status=placed") == 4);
    CHECK(count("?status=cancelled&customerId=019a9f5e-6f21-7d10-8a44-c20b9e6f7c02") == 0);
    const auto first = rest.get("/v1/orders?pageSize=3");
    CHECK(first.body.at("items").at(0).at("id") == ids[4]);
    const auto token = first.body.at("nextPageToken").get<std::string>();
    CHECK(count("?pageSize=3&pageToken=" + token) == 2);
    CHECK(rest.get("/v1/orders?status=placed&pageToken=" + token).status == 400);
    CHECK(rest.get("/v1/orders?status=open").status == 422);
}

TEST_CASE("a timeline puts together what everybody knows, and names who does not answer")
{
    Rest rest;
    const auto workflow = core::Id::generate();
    rest.worker.answers<contracts::WorkflowsList>([&](const contracts::WorkflowList& asked) {
        contracts::WorkflowPage page;
        if (asked.definition != "order-fulfilment") return page;
        contracts::WorkflowItem item;
        item.id = workflow;
        item.version = 1;
        item.name = item.definition = *asked.definition;
        item.key = asked.key;
        page.items.push_back(std::move(item));
        return page;
    });
    rest.worker.answers<contracts::WorkflowsHistory>([](const contracts::WorkflowPart& asked) {
        contracts::WorkflowHistory page;
        const bool is_first = !asked.page_token;
        page.items.push_back(
            {is_first ? 1 : 2, is_first ? "run.started" : "step.completed", {}, core::now(), "{}"});
        if (is_first) page.next_page_token = "more";
        return page;
    });
    rest.worker.answers<contracts::DeliveriesList>([](const contracts::DeliveryList& asked) {
        contracts::DeliveryPage page;
        contracts::Delivery delivery;
        delivery.version = 1;
        delivery.order_id = asked.order_id.value();
        delivery.events = {
            {core::now(), contracts::DeliveryEventKind::planned, {}, {}, {}, {}, {}, {}},
            {core::now() + 1h, contracts::DeliveryEventKind::failed, {}, {}, {}, "nobody", {}, {}}};
        page.items.push_back(std::move(delivery));
        return page;
    });
    start(rest);
    const auto placed = rest.post("/v1/orders", kOrder, "Idempotency-Key: k-1\r\n");
    move(rest, placed, contracts::OrderMove::confirmed, kHold, "019a9f5e/confirmed/0");
    const auto timeline = rest.get(path_of(placed) + "/timeline");
    REQUIRE(timeline.status == 200);
    CHECK(timeline.body.at("status") == "confirmed");
    CHECK(timeline.body.at("missing") == json{"hold", "pick", "transfer"});
    const auto& items = timeline.body.at("items");
    REQUIRE(items.size() == 6);
    CHECK(items[0].at("type") == "placed");
    CHECK(items[0].at("idempotencyKey") == "k-1");
    CHECK(items[0].at("traceId").get<std::string>().size() == 32);
    CHECK(items[1].at("step") == "confirmed");
    CHECK(items[1].at("data").at("total") == 650);
    CHECK(items[5].at("source") == "delivery");
    CHECK(items[5].at("data") == json{{"reason", "nobody"}});
    CHECK(rest.get("/v1/orders/019a9f5e-6f21-7d10-8a44-c20b9e6f7000/timeline").status == 404);
}
