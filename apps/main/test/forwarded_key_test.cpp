#include "forwarded_key.hpp"

#include <doctest/doctest.h>

#include <set>

#include "lintel/core/idempotency_key.hpp"
#include "workflow_starts.hpp"

using namespace lintel;
using main::forwarded_key;

TEST_CASE("a client's key goes as it is")
{
    for (const std::string key :
         {"k", "order/17", "building-onboarding/", "building-onboarding/17",
          "019a9f5e-6f21-7d10-8a44-c20b9e6f7710", "019a9f5e-6f21-7d10-8a44-c20b9e6f7710/refund",
          "019a9f5e-6f21-7d10-8a44-c20b9e6f7710/2", "requests/1", "clients/7"})
        CHECK(forwarded_key(key) == key);
    CHECK(forwarded_key(std::string(255, 'x')) == std::string(255, 'x'));
}

TEST_CASE("no key that a client can choose is one that a service gives")
{
    const auto id = core::Id::generate();
    contracts::Order order;
    order.hold_id = id;
    const std::set<std::string> own = {
        main::onboarding_of(id).key,
        main::fulfilment_of(id, id).key,
        main::end_of_fulfilment(id, std::nullopt).idempotency_key,
        main::start_of_return(order, {}).idempotency_key,
        id.to_string() + "/payment/0",
        id.to_string() + "/" + std::string(216, 's') + "/9",
        main::fresh_key(),
    };
    std::set<std::string> forwarded;
    for (const auto& key : own) {
        const auto sent = forwarded_key(key);
        CHECK(!own.contains(sent));
        CHECK(forwarded_key(key) == sent);
        CHECK(core::parse_idempotency_key(sent) == sent);
        forwarded.insert(sent);
        // Nor is it one under which another client's key goes.
        CHECK(forwarded_key(sent) != sent);
    }
    CHECK(forwarded.size() == own.size());
}
