// What becomes of promises that are answered with an error.
#include "workflow_starts.hpp"

#include <doctest/doctest.h>

#include "lintel/core/error.hpp"

using namespace lintel;
using core::ErrorCode;
using Kind = storage::DeliveryOutcome::Kind;

TEST_CASE("a run to be cancelled that is not there yet is waited for, and one that has ended needs nothing")
{
    const auto judged = [](const char* subject, ErrorCode code) {
        storage::Intent intent;
        intent.subject = subject;
        return main::judge(intent, core::Error(code, "so"));
    };
    CHECK(judged("workflows.cancel", ErrorCode::not_found) == Kind::retry);
    CHECK(judged("workflows.cancel", ErrorCode::conflict) == Kind::delivered);
    CHECK_FALSE(judged("workflows.cancel", ErrorCode::invalid));
    CHECK_FALSE(judged("workflows.start", ErrorCode::not_found));
}

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
