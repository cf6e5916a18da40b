// What becomes of promises that are answered with an error, and who hears of it.
#include "refused_promises.hpp"

#include <doctest/doctest.h>

#include "worker_fixture.hpp"

using namespace lintel;
using namespace std::chrono_literals;
using core::ErrorCode;
using main::test::Rest;
using nlohmann::json;
using Kind = storage::DeliveryOutcome::Kind;

namespace {

telemetry::Context soon()
{
    return telemetry::Context::start(10s);
}

contracts::Order place(Rest& rest)
{
    contracts::OrderCreate request;
    request.building_id = rest.building.id;
    request.currency = "GBP";
    request.lines = {{"a", 2}};
    auto placing = rest.orders().place(soon(), request, {}, std::nullopt);
    return core::sync_wait(std::move(placing)).order;
}

/// The intents of something, as the relay has them.
storage::Intent intent_of(const Rest& rest, const core::Id& resource, const std::string& subject)
{
    const auto column = [&](const std::string& name) {
        return rest.query("SELECT " + name + " FROM intents WHERE subject = '" + subject +
                          "' AND resource_id = '" + resource.to_string() + "'");
    };
    storage::Intent intent;
    intent.id = core::Id::parse(column("id")).value();
    intent.subject = subject;
    intent.payload = column("payload");
    intent.idempotency_key = column("idempotency_key");
    intent.resource_id = resource;
    return intent;
}

std::optional<Kind> judge(Rest& rest, const storage::Intent& intent, ErrorCode code)
{
    auto judging = rest.refused().judge(soon(), intent, core::Error(code, "so it is"));
    return core::sync_wait(std::move(judging));
}

json order_of(Rest& rest, const core::Id& id)
{
    return rest.get("/v1/orders/" + id.to_string()).body;
}

void move(Rest& rest, const core::Id& order, contracts::OrderMove to, const json& more = json::object())
{
    json wish{{"id", order.to_string()}, {"to", contracts::to_string(to)}, {"workflowId", order.to_string()}};
    wish.update(more);
    auto moving = rest.orders().transition(soon(), contracts::parse_order_transition(wish), {});
    core::sync_wait(std::move(moving));
}

const json kHold{{"hold",
                  {{"id", "019a9f5e-6f21-7d10-8a44-c20b9e6f7a01"},
                   {"total", 10},
                   {"lines", {{{"sku", "a"}, {"name", "A"}, {"unitPrice", 5}, {"amount", 10}}}}}}};

}  // namespace

TEST_CASE("an order whose workflow is refused says why, and goes on once it is started after all")
{
    Rest rest;
    rest.start();
    const auto order = place(rest);
    const auto start = intent_of(rest, order.id, "workflows.start");
    CHECK_FALSE(judge(rest, start, ErrorCode::unavailable));
    CHECK(order_of(rest, order.id).value("reasons", json::array()).empty());
    for (int time = 0; time < 2; ++time)
        CHECK_FALSE(judge(rest, start, ErrorCode::not_found));
    const auto told = order_of(rest, order.id);
    CHECK(told.at("status") == "placed");
    CHECK(told.at("reasons") ==
          json{{{"code", "notStarted"}, {"detail", "its workflow could not be started: so it is"}}});
    CHECK(told.at("version") == 2);
    move(rest, order.id, contracts::OrderMove::confirmed, kHold);
    CHECK(order_of(rest, order.id).at("reasons").empty());
}

TEST_CASE("the promise to cancel a workflow is kept while it may be started, and no longer")
{
    Rest rest;
    rest.start();
    const auto order = place(rest);
    const auto start = intent_of(rest, order.id, "workflows.start");
    rest.post("/v1/orders/" + order.id.to_string() + "/cancel");
    const auto cancel = intent_of(rest, order.id, "workflows.cancel");
    CHECK(judge(rest, cancel, ErrorCode::not_found) == Kind::retry);
    CHECK(judge(rest, cancel, ErrorCode::conflict) == Kind::delivered);
    CHECK_FALSE(judge(rest, cancel, ErrorCode::unavailable));
    // Nobody wants it any more.
    CHECK(judge(rest, start, ErrorCode::not_found) == Kind::delivered);
    CHECK(order_of(rest, order.id).at("reasons").at(0).at("code") == "cancelled");

    SUBCASE("refused")
    {
        rest.query("UPDATE intents SET state = 'failed' WHERE subject = 'workflows.start'");
    }
    SUBCASE("there, and removed since")
    {
        rest.query("DELETE FROM intents WHERE subject = 'workflows.start'");
    }
    CHECK(judge(rest, cancel, ErrorCode::not_found) == Kind::delivered);
}

TEST_CASE("a return whose workflow is refused is refused, and its goods may be sent back once more")
{
    Rest rest;
    rest.start();
    const auto order = place(rest);
    const json id = order.id.to_string();
    move(rest, order.id, contracts::OrderMove::confirmed, kHold);
    move(rest, order.id, contracts::OrderMove::picking, {{"pickId", id}});
    const json picked{{"amount", 10}, {"lines", {{{"sku", "a"}, {"picked", 2}}}}};
    move(rest, order.id, contracts::OrderMove::packed, {{"pick", picked}});
    move(rest, order.id, contracts::OrderMove::delivering, {{"deliveryId", id}});
    move(rest, order.id, contracts::OrderMove::delivered, {{"delivery", {{"isDelivered", true}}}});
    move(rest, order.id, contracts::OrderMove::completed, {{"transferId", id}});
    CHECK(order_of(rest, order.id).at("transferId") == id);

    const auto returns = "/v1/orders/" + order.id.to_string() + "/returns";
    const std::string all = R"({"lines":[{"sku":"a","quantity":2}]})";
    const auto made = core::Id::parse(rest.post(returns, all).body.at("id").get<std::string>()).value();
    CHECK(rest.post(returns, all).status == 409);
    const auto start = intent_of(rest, made, "workflows.start");
    CHECK_FALSE(judge(rest, start, ErrorCode::rate_limited));
    for (int time = 0; time < 2; ++time)
        CHECK(judge(rest, start, ErrorCode::invalid) == Kind::delivered);
    const auto refused = rest.get(returns).body.at("items").at(0);
    CHECK(refused.at("status") == "refused");
    CHECK(refused.at("reasons").at(0).at("code") == "notStarted");
    CHECK(rest.post(returns, all).status == 201);
}

TEST_CASE("other promises are the relay's business")
{
    Rest rest;
    rest.start();
    storage::Intent onboarding;
    onboarding.subject = "workflows.create";
    onboarding.idempotency_key = "building-onboarding/x";
    CHECK_FALSE(judge(rest, onboarding, ErrorCode::invalid));
}
