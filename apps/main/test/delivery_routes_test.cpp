// Main's routes to deliveries over a real broker: what reaches a worker, and what the client is answered.
#include <doctest/doctest.h>

#include "lintel/contracts/deliveries_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "worker_fixture.hpp"

using namespace lintel;
using main::test::Rest;
using nlohmann::json;

namespace {

const core::Id kId = *core::Id::parse("019a9f5e-ad30-7e41-8f52-3a6b7c8d9ea0");
const std::string kPath = "/v1/deliveries/" + kId.to_string();

template <typename T = contracts::Delivery>
T delivery(bool is_replay = false)
{
    T one;
    one.id = kId;
    one.version = 3;
    one.state = contracts::DeliveryState::dispatched;
    if constexpr (requires { one.is_replay; }) one.is_replay = is_replay;
    return one;
}

}  // namespace

TEST_CASE("deliveries are read")
{
    Rest rest;
    rest.worker.answers<contracts::DeliveriesGet>([](const auto&) { return delivery(); });
    rest.worker.answers<contracts::DeliveriesList>([](const auto&) { return contracts::DeliveryPage(); });
    rest.start();
    const auto shown = rest.get(kPath);
    CHECK(shown.status == 200);
    CHECK(shown.header("ETag") == "\"3\"");
    CHECK(shown.body.at("state") == "dispatched");
    CHECK(rest.get(kPath, "If-None-Match: \"3\"\r\n").status == 304);
    CHECK(rest.get("/v1/deliveries/x").status == 404);
    CHECK(rest.get("/v1/deliveries?state=failed&orderId=" + kId.to_string()).status == 200);
    CHECK(rest.worker.asked("deliveries.list").at(0).document ==
          json{{"orderId", kId.to_string()}, {"state", "failed"}, {"pageSize", 50}});
    CHECK(rest.get("/v1/deliveries?state=lost").status == 422);
    CHECK(rest.post("/v1/deliveries", "{}").status == 405);
}

TEST_CASE("what people and carriers do with a delivery carries the caller's key")
{
    Rest rest;
    rest.worker.answers<contracts::DeliveriesDispatch>([](const contracts::DeliveryDispatch& asked) {
        return delivery<contracts::DeliveryChanged>(asked.carrier == "again");
    });
    rest.worker.answers<contracts::DeliveriesDeliver>(
        [](const auto&) { return delivery<contracts::DeliveryChanged>(); });
    rest.worker.answers<contracts::DeliveriesFail>(
        [](const contracts::DeliveryFail& asked) -> contracts::DeliveryChanged {
            if (!asked.is_final) return delivery<contracts::DeliveryChanged>();
            throw core::Error(core::ErrorCode::conflict, "the delivery is delivered, and cannot be failed");
        });
    rest.start();

    const auto sent = rest.post(kPath + "/dispatch", R"({"carrier":"Swiss Post","carrierReference":"99.1"})",
                                "Idempotency-Key: k-1\r\n");
    CHECK(sent.status == 200);
    CHECK(sent.header("ETag") == "\"3\"");
    CHECK(sent.header("Idempotency-Replayed").empty());
    CHECK_FALSE(sent.body.contains("isReplay"));
    const auto asked = rest.worker.asked("deliveries.dispatch").at(0);
    CHECK(asked.document ==
          json{{"id", kId.to_string()}, {"carrier", "Swiss Post"}, {"carrierReference", "99.1"}});
    CHECK(asked.idempotency_key == "k-1");
    const auto again = rest.post(kPath + "/dispatch", R"({"carrier":"again"})", "Idempotency-Key: k-2\r\n");
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(rest.post(kPath + "/dispatch").status == 200);
    CHECK(rest.post(kPath + "/dispatch", R"({"id":"x"})").status == 422);

    CHECK(rest.post(kPath + "/deliver").status == 200);
    CHECK(rest.post(kPath + "/deliver", R"({"receivedBy":"A. Muster","note":"at the door"})").status == 200);
    CHECK(rest.worker.asked("deliveries.deliver").at(1).document ==
          json{{"id", kId.to_string()}, {"receivedBy", "A. Muster"}, {"note", "at the door"}});

    CHECK(rest.post(kPath + "/fail", R"({"reason":"nobody at home"})").status == 200);
    CHECK(rest.worker.asked("deliveries.fail").at(0).document ==
          json{{"id", kId.to_string()}, {"reason", "nobody at home"}, {"isFinal", false}});
    CHECK(rest.post(kPath + "/fail", "{}").status == 422);
    const auto refused = rest.post(kPath + "/fail", R"({"reason":"lost","isFinal":true})");
    CHECK(refused.status == 409);
    CHECK(refused.body.at("detail") == "the delivery is delivered, and cannot be failed");
    CHECK(rest.post("/v1/deliveries/x/fail", R"({"reason":"lost"})").status == 404);
}
