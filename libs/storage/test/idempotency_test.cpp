#include "lintel/storage/idempotency.hpp"

#include <doctest/doctest.h>

#include "stack.hpp"
#include "tables.hpp"

using namespace lintel;
using namespace lintel::storage;
using namespace lintel::storage::test;
using namespace std::chrono_literals;
using Finding = IdempotencyKeys::Finding;

namespace {

struct Service : Stack {
    Service() { sql(kIdempotencyKeys); }

    template <typename Body>
    auto in_transaction(Body body)
    {
        return core::sync_wait(pool.transact(context(), std::move(body)));
    }

    std::optional<core::Id> claim(const std::optional<IdempotencyKey>& key, core::Id resource)
    {
        return in_transaction(
            [=](Transaction& transaction) { return claim_idempotency_key(transaction, key, resource); });
    }
};

IdempotencyKey key_of(std::string key, std::string_view request, std::chrono::milliseconds ttl = 1h)
{
    return *make_idempotency_key("things.create", std::move(key), request, ttl);
}

}  // namespace

TEST_CASE("a key is claimed once, and leads to what it was claimed for")
{
    Service service;
    const auto first = core::Id::generate();
    CHECK_FALSE(service.claim(key_of("k", "{}"), first));
    CHECK(service.claim(key_of("k", "{}"), core::Id::generate()) == first);
    CHECK_FALSE(service.claim(make_idempotency_key("things.delete", "k", "{}", 1h), core::Id::generate()));
}

TEST_CASE("a request without a key is always fresh")
{
    Service service;
    CHECK_FALSE(make_idempotency_key("things.create", "", "{}", 1h));
    CHECK_FALSE(service.claim(std::nullopt, core::Id::generate()));
    CHECK(service.sql("SELECT count(*) FROM idempotency_keys") == "0");
}

TEST_CASE("a key that was used with another request is refused")
{
    Service service;
    service.claim(key_of("k", "{}"), core::Id::generate());
    CHECK(code_of([&] { service.claim(key_of("k", "[]"), core::Id::generate()); }) ==
          core::ErrorCode::invalid);
}

TEST_CASE("of one transaction's requests with one key the first is fresh; what came to nothing is free again")
{
    Service service;
    const auto key = key_of("k", "{}");
    const auto other = key_of("other", "{}");
    const auto resource = core::Id::generate();
    service.in_transaction([&](Transaction& transaction) {
        const auto now = core::now();
        IdempotencyKeys keys(transaction,
                             {{&key, resource, now}, {&other, resource, now}, {&key, resource, now}});
        CHECK(keys.take(key) == Finding::fresh);
        CHECK(keys.take(key) == Finding::replay);
        CHECK(keys.take(other) == Finding::fresh);
        keys.release(other);
        keys.finish();
        return true;
    });
    CHECK(service.claim(key, core::Id::generate()) == resource);
    CHECK_FALSE(service.claim(other, core::Id::generate()));
}

TEST_CASE("a key whose effect is rolled back is free")
{
    Service service;
    const auto key = key_of("k", "{}");
    const auto fail = [&](Transaction& transaction) -> bool {
        claim_idempotency_key(transaction, key, core::Id::generate());
        throw core::Error(core::ErrorCode::conflict, "the effect is refused");
    };
    CHECK(code_of([&] { service.in_transaction(fail); }) == core::ErrorCode::conflict);
    CHECK_FALSE(service.claim(key, core::Id::generate()));
}

TEST_CASE("an expired key may be used again, and is purged")
{
    Service service;
    const auto second = core::Id::generate();
    service.claim(key_of("k", "{}", -1s), core::Id::generate());
    CHECK_FALSE(service.claim(key_of("k", "[]"), second));
    CHECK(service.claim(key_of("k", "[]"), core::Id::generate()) == second);
    service.claim(key_of("old", "{}", -1s), core::Id::generate());
    core::sync_wait(purge_idempotency_keys(service.pool, Stack::context()));
    CHECK(service.sql("SELECT string_agg(key, ',') FROM idempotency_keys") == "k");
}
