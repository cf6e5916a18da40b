// Orders that are cancelled over REST: by main alone, or with the deliveries, who decide.
#include <doctest/doctest.h>

#include <thread>

#include "order_fixture.hpp"

using namespace lintel;
using namespace lintel::main::test;

TEST_CASE("an order is cancelled until a carrier has it, once, and its workflow is told for sure")
{
    Rest rest;
    start(rest);
    const auto placed = rest.post("/v1/orders", kOrder);
    const auto cancel = path_of(placed) + "/cancel";
    const auto cancelled = rest.post(cancel, R"({"reason":"ordered twice"})", "Idempotency-Key: c\r\n");
    CHECK(cancelled.status == 200);
    CHECK(cancelled.body.at("status") == "cancelled");
    CHECK(cancelled.body.at("reasons").at(0).at("detail") == "ordered twice");
    CHECK(rest.post(cancel, R"({"reason":"ordered twice"})", "Idempotency-Key: c\r\n")
              .header("Idempotency-Replayed") == "true");
    CHECK(rest.post(cancel).status == 200);
    const auto id = placed.body.at("id").get<std::string>();
    CHECK(json::parse(rest.query("SELECT payload FROM intents WHERE subject = 'workflows.cancel'")) ==
          json{{"definition", "order-fulfilment"}, {"key", id}, {"reason", "ordered twice"}});
    CHECK(rest.query("SELECT string_agg(number || type, ' ' ORDER BY number) FROM order_events") ==
          "1placed 2cancelled");
    CHECK_THROWS_AS(move(rest, placed, contracts::OrderMove::confirmed, kHold), core::Error);

    const auto late = rest.post("/v1/orders", kOrder);
    complete(rest, late);
    const auto refused = rest.post(path_of(late) + "/cancel", {}, "Idempotency-Key: d\r\n");
    CHECK(refused.status == 409);
    CHECK(refused.body.at("detail") == "the order is completed and cannot be cancelled any more");
    CHECK(rest.post("/v1/orders/019a9f5e-6f21-7d10-8a44-c20b9e6f7000/cancel").status == 404);
}

TEST_CASE("a packed order is cancelled if the deliveries keep it from a carrier, who decide")
{
    Rest rest;
    std::optional<contracts::DeliveryState> state;
    bool is_too_late = false;
    rest.worker.answers<contracts::DeliveriesList>([&](const contracts::DeliveryList& asked) {
        contracts::DeliveryPage page;
        if (!state) return page;
        auto& delivery = page.items.emplace_back();
        delivery.version = 1;
        delivery.order_id = asked.order_id.value();
        delivery.state = *state;
        return page;
    });
    rest.worker.answers<contracts::DeliveriesCancel>([&](const contracts::DeliveryCancel& asked) {
        CHECK(asked.unless_dispatched);
        if (is_too_late) throw core::Error(core::ErrorCode::conflict, "a carrier has had the delivery");
        contracts::DeliveryChanged changed;
        changed.version = 2;
        changed.state = contracts::DeliveryState::cancelled;
        return changed;
    });
    start(rest);
    const auto placed = rest.post("/v1/orders", kOrder);
    const auto cancel = path_of(placed) + "/cancel";
    pack(rest, placed);
    CHECK(rest.post(cancel).status == 503);
    state = contracts::DeliveryState::dispatched;
    const auto refused = rest.post(cancel);
    CHECK(refused.status == 409);
    CHECK(refused.body.at("detail") == "the order is dispatched and cannot be cancelled any more");
    // A carrier came in between.
    state = contracts::DeliveryState::planned;
    is_too_late = true;
    CHECK(rest.post(cancel).body.at("detail") == "a carrier has had the delivery");
    CHECK(rest.get(path_of(placed)).body.at("status") == "picking");
    CHECK(rest.query("SELECT count(*) FROM intents WHERE subject = 'workflows.cancel'") == "0");

    is_too_late = false;
    const auto other = rest.post("/v1/orders", kOrder);
    rest.post(path_of(other) + "/cancel", {}, "Idempotency-Key: taken\r\n");
    const auto asked = rest.worker.asked("deliveries.cancel").size();
    CHECK(rest.post(cancel, {}, "Idempotency-Key: taken\r\n").status == 422);
    CHECK(rest.worker.asked("deliveries.cancel").size() == asked);
    CHECK(rest.post(cancel, R"({"reason":"ordered twice"})").body.at("status") == "cancelled");
    CHECK(rest.worker.asked("deliveries.cancel").back().document.at("reason") == "ordered twice");
    CHECK(rest.worker.asked("deliveries.cancel").back().idempotency_key.starts_with("request/"));
    CHECK(rest.query("SELECT count(*) FROM intents WHERE subject = 'workflows.cancel'") == "2");
}

TEST_CASE(
    "main dies after the deliveries have kept a carrier away: the order's workflow cancels it all the same")
{
    Rest rest;
    start(rest);
    const auto placed = rest.post("/v1/orders", kOrder);
    pack(rest, placed);
    const json dispatch{{"deliveryId", kId}, {"isDispatched", false}, {"reason", "ordered twice"}};
    CHECK_THROWS_AS(
        move(rest, placed, contracts::OrderMove::delivering, {{"deliveryId", kId}, {"dispatch", dispatch}}),
        core::Error);
    const json failure{
        {"status", "failed"}, {"step", "delivering"}, {"code", "conflict"}, {"message", "ordered twice"}};
    move(rest, placed, contracts::OrderMove::undone, {{"failure", failure}});
    const auto order = rest.get(path_of(placed)).body;
    CHECK(order.at("status") == "cancelled");
    CHECK(order.at("reasons") == json{{{"code", "cancelled"}, {"detail", "ordered twice"}}});
    CHECK(rest.post(path_of(placed) + "/cancel").status == 200);
}
