// Transitions: exactly once for a key, alone among all of an order, and told without gaps.
#include <doctest/doctest.h>

#include <future>

#include "lintel/core/error.hpp"
#include "worker_fixture.hpp"

using namespace lintel;
using namespace std::chrono_literals;
using contracts::OrderMove;
using main::test::Rest;

namespace {

core::Id place(Rest& rest)
{
    contracts::OrderCreate request;
    request.building_id = rest.building.id;
    request.currency = "GBP";
    request.lines = {{"a", 1}};
    auto placing = rest.orders().place(telemetry::Context::start(10s), request, {}, std::nullopt);
    return core::sync_wait(std::move(placing)).order.id;
}

contracts::OrderTransition wish(const core::Id& order, OrderMove to)
{
    contracts::OrderTransition one;
    one.id = order;
    one.to = to;
    one.workflow_id = *core::Id::parse("019a9f5e-6f21-7d10-8a44-c20b9e6f7710");
    one.hold = R"({"id":"019a9f5e-6f21-7d10-8a44-c20b9e6f7a01","total":5,
                   "lines":[{"sku":"a","name":"A","unitPrice":5,"amount":5}]})";
    one.pick_id = one.workflow_id;
    return one;
}

contracts::OrderTransitioned move(Rest& rest, const contracts::OrderTransition& wish, const std::string& key)
{
    auto moving = rest.orders().transition(telemetry::Context::start(10s), wish, key);
    return core::sync_wait(std::move(moving));
}

core::ErrorCode refusal(Rest& rest, const contracts::OrderTransition& wish, const std::string& key)
{
    try {
        move(rest, wish, key);
    } catch (const core::Error& error) {
        return error.code();
    }
    return core::ErrorCode::internal;
}

}  // namespace

TEST_CASE("a transition has its effect once for a key, however late it is repeated")
{
    Rest rest;
    rest.start();
    const auto id = place(rest);
    const auto confirm = wish(id, OrderMove::confirmed);
    CHECK(move(rest, confirm, "w/confirmed/0").status == contracts::OrderStatus::confirmed);
    CHECK(move(rest, wish(id, OrderMove::picking), "w/picking/0").version == 3);
    // Nothing of it is forgotten with the keys of clients.
    rest.query("DELETE FROM idempotency_keys");
    const auto again = move(rest, confirm, "w/confirmed/0");
    CHECK(again.is_replay);
    CHECK(again.version == 3);
    CHECK(refusal(rest, confirm, "w/confirmed/1") == core::ErrorCode::conflict);
    CHECK(refusal(rest, wish(id, OrderMove::picking), "w/confirmed/0") == core::ErrorCode::invalid);
    CHECK(refusal(rest, wish(core::Id::generate(), OrderMove::picking), "x") == core::ErrorCode::not_found);
    CHECK(rest.query("SELECT string_agg(number || ' ' || type || ' ' || coalesce(idempotency_key, '-'), ', ' "
                     "ORDER BY number) FROM order_events") ==
          "1 placed -, 2 confirmed w/confirmed/0, 3 picking w/picking/0");
}

TEST_CASE("of many who want the same of an order one has it, and all orders go together")
{
    Rest rest;
    rest.start();
    std::vector<core::Id> ids;
    for (int i = 0; i < 20; ++i)
        ids.push_back(place(rest));
    std::atomic<int> changed = 0;
    std::atomic<int> refused = 0;
    std::atomic<int> left = 100;
    std::promise<void> done;
    const auto one = [&](core::Id id, std::string key) -> core::Task<void> {
        try {
            const auto moved = co_await rest.orders().transition(telemetry::Context::start(20s),
                                                                 wish(id, OrderMove::confirmed), key);
            if (!moved.is_replay) ++changed;
        } catch (const core::Error&) {
            ++refused;
        }
        if (--left == 0) done.set_value();
    };
    for (int i = 0; i < 100; ++i)
        core::spawn(one(ids[static_cast<std::size_t>(i) % 20], i < 60 ? "same" : std::to_string(i)));
    REQUIRE(done.get_future().wait_for(30s) == std::future_status::ready);
    CHECK(changed == 20);
    CHECK(refused <= 80);
    CHECK(
        rest.query("SELECT count(*) FROM orders WHERE status = 'confirmed' AND version = 2 AND events = 2") ==
        "20");
    CHECK(rest.query("SELECT count(*) || ' ' || max(number) FROM order_events") == "40 2");
}
