// What main promises of workflows.
#include "workflow_starts.hpp"

#include <doctest/doctest.h>

using namespace lintel;

TEST_CASE("promises are made of nothing that can change")
{
    const auto order = core::Id::generate();
    const auto building = core::Id::generate();
    const auto one = main::fulfilment_of(order, building);
    CHECK(one.payload == main::fulfilment_of(order, building).payload);
    CHECK(one.key == "order-fulfilment/" + order.to_string());
    CHECK(main::onboarding_of(building).key == "building-onboarding/" + building.to_string());
    CHECK(main::end_of_fulfilment(order, "why").idempotency_key == "order-cancel/" + order.to_string());
}
