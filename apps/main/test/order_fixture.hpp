#pragma once

#include <doctest/doctest.h>

#include "lintel/contracts/deliveries_endpoints.hpp"
#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "worker_fixture.hpp"

/// An order of two lines, and how far it has come.
namespace lintel::main::test {

using namespace std::chrono_literals;
using nlohmann::json;

inline const std::string kOrder =
    R"({"customerId":"019a9f5e-6f21-7d10-8a44-c20b9e6f7c01","buildingId":"019a9f5e-6f21-7d10-8a44-c20b9e6f7b01",)"
    R"("currency":"GBP","lines":[{"sku":"a","quantity":6},{"sku":"b","quantity":2}]})";

inline std::string path_of(const main::test::Answer& placed)
{
    return "/v1/orders/" + placed.body.at("id").get<std::string>();
}

/// With the building that all order from.
inline void start(Rest& rest)
{
    rest.start();
    rest.query("UPDATE buildings SET id = '019a9f5e-6f21-7d10-8a44-c20b9e6f7b01'");
}

/// A workflow that moves the order of `placed` on.
inline contracts::OrderTransitioned move(Rest& rest, const main::test::Answer& placed,
                                         contracts::OrderMove to, const json& more = json::object(),
                                         const std::string& key = {})
{
    auto wish = json{{"id", placed.body.at("id")},
                     {"to", contracts::to_string(to)},
                     {"workflowId", "019a9f5e-6f21-7d10-8a44-c20b9e6f7710"}};
    wish.update(more);
    auto moving = rest.orders().transition(telemetry::Context::start(10s),
                                           contracts::parse_order_transition(wish), key);
    return core::sync_wait(std::move(moving));
}

inline const json kHold = {{"hold",
                            {{"id", "019a9f5e-6f21-7d10-8a44-c20b9e6f7a01"},
                             {"total", 650},
                             {"lines",
                              {{{"sku", "a"}, {"name", "A"}, {"unitPrice", 100}, {"amount", 600}},
                               {{"sku", "b"}, {"name", "B"}, {"unitPrice", 25}, {"amount", 50}}}}}}};
inline const json kId = "019a9f5e-6f21-7d10-8a44-c20b9e6f7a04";

inline void pick(Rest& rest, const main::test::Answer& placed)
{
    move(rest, placed, contracts::OrderMove::confirmed, kHold);
    move(rest, placed, contracts::OrderMove::picking, {{"pickId", kId}});
}

/// Everything of it is picked.
inline void pack(Rest& rest, const main::test::Answer& placed)
{
    pick(rest, placed);
    const json pick{{"amount", 650},
                    {"lines", {{{"sku", "a"}, {"picked", 6}}, {{"sku", "b"}, {"picked", 2}}}}};
    const auto packed = move(rest, placed, contracts::OrderMove::packed, {{"pick", pick}});
    CHECK(packed.parcel.value().size() == 2);
}

inline void complete(Rest& rest, const main::test::Answer& placed)
{
    pack(rest, placed);
    move(rest, placed, contracts::OrderMove::delivering, {{"deliveryId", kId}});
    move(rest, placed, contracts::OrderMove::delivered, {{"delivery", {{"isDelivered", true}}}});
    move(rest, placed, contracts::OrderMove::completed);
}

}  // namespace lintel::main::test
