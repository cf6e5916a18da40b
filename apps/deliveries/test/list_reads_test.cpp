// What lists read of a table in which few deliveries, or none, are in the state that is asked for.

#include "delivery_fixture.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/testing/reads.hpp"

using namespace lintel;
using namespace lintel::deliveries;

namespace {

constexpr std::int64_t kPage = 10;
/// All deliveries of one state have more.
constexpr std::int64_t kFewBlocks = 250;

core::Id id(int number)
{
    return *core::Id::parse(testing::numbered_id(number));
}

struct Filled {
    /// Half of them are planned and half delivered, but for the oldest, which have failed.
    Filled()
    {
        database.query(R"(
            ALTER TABLE deliveries SET (autovacuum_enabled = off);
            ALTER TABLE delivery_events SET (autovacuum_enabled = off);
            INSERT INTO deliveries (id, version, order_id, lines, state, attempts, is_final, attributes, metadata,
                                    created_at, updated_at)
            SELECT id(n), 1, id(n), '[]',
                   CASE WHEN n < 4 THEN 'failed' WHEN n % 2 = 0 THEN 'planned' ELSE 'delivered' END, 0,
                   CASE WHEN n < 4 THEN true END, '{}', '{}', now(), now()
            FROM generate_series(1, 60000) AS n;
            INSERT INTO delivery_events (delivery_id, sequence, at, kind)
            SELECT id(n), 1, now(), 'planned' FROM generate_series(1, 60000) AS n)");
    }

    Database database;
    testing::Reads reads{database};
    Replica replica{database};
};

}  // namespace

TEST_CASE("a list of deliveries reads its page, whichever filters it has")
{
    Filled filled;
    using State = contracts::DeliveryState;
    const std::vector<std::optional<core::Id>> orders{std::nullopt, id(1), id(60001)};
    const std::vector<std::optional<State>> states{std::nullopt, State::planned, State::delivered,
                                                   State::failed, State::cancelled};
    const auto list = [&](const contracts::DeliveryList& filter, const core::Id& before) {
        return core::sync_wait(filled.replica.repository.list(soon(), filter, before, kPage));
    };
    filled.reads.twice([&] {
        for (const auto& order : orders) {
            for (const auto& state : states) {
                contracts::DeliveryList filter;
                filter.order_id = order;
                filter.state = state;
                CAPTURE(contracts::to_json(filter));
                CHECK(filled.reads.by([&] { list(filter, core::newest_id()); }) < kFewBlocks);
            }
        }
    });

    contracts::DeliveryList failed;
    failed.state = State::failed;
    std::vector<core::Id> ids;
    for (const auto& delivery : list(failed, id(3)))
        ids.push_back(delivery.id);
    CHECK(ids == std::vector{id(2), id(1)});
}
