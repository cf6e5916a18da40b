// What lists read of tables in which every filter finds many rows by itself, and few, or none, with another.

#include "inventory_fixture.hpp"
#include "lintel/testing/reads.hpp"

using namespace lintel;
using namespace lintel::inventory;

namespace {

constexpr std::int64_t kPage = 10;
/// All rows of one building, or of one sku, have more.
constexpr std::int64_t kFewBlocks = 250;

core::Id id(int number)
{
    return *core::Id::parse(testing::numbered_id(number));
}

struct Filled {
    /// Building 1 has sku 1 and building 2 has sku 2, and in the one all pick lists are open; but for the
    /// oldest.
    Filled()
    {
        database.query(R"(
            ALTER TABLE stock_movements SET (autovacuum_enabled = off);
            ALTER TABLE holds SET (autovacuum_enabled = off);
            ALTER TABLE picks SET (autovacuum_enabled = off);
            INSERT INTO stock (building_id, sku, id, version, on_hand, reserved, created_at, updated_at)
            SELECT id(b), s::text, id(10 * b + s), 1, 0, 0, now(), now()
            FROM generate_series(1, 2) AS b, generate_series(1, 2) AS s;
            INSERT INTO stock_movements (id, building_id, sku, kind, on_hand_change, reserved_change, on_hand,
                                         reserved, created_at)
            SELECT id(n), id(1 + (n + (n < 4)::int) % 2), 1 + n % 2, 'adjusted', 1, 0, 1, 0, now()
            FROM generate_series(1, 60000) AS n;
            INSERT INTO holds (id, version, order_id, building_id, state, currency, lines, total, expires_at,
                               attributes, metadata, created_at, updated_at)
            SELECT id(n), 1, id(n), id(1), CASE WHEN n < 4 THEN 'held' ELSE 'confirmed' END, 'EUR', '[]', 1,
                   now() + interval '1 h', '{}', '{}', now(), now()
            FROM generate_series(1, 60000) AS n;
            INSERT INTO picks (id, version, order_id, hold_id, building_id, state, lines, attributes, metadata,
                               created_at, updated_at)
            SELECT id(n), 1, id(n), id(n), id(1 + (n + (n < 4)::int) % 2),
                   CASE WHEN n % 2 = 0 THEN 'open' ELSE 'completed' END, '[]', '{}', '{}', now(), now()
            FROM generate_series(1, 60000) AS n)");
    }

    template <typename List>
    std::int64_t blocks(List list)
    {
        return reads.by([&] { core::sync_wait(list()); });
    }

    Database database;
    testing::Reads reads{database};
    Replica replica{database};
};

}  // namespace

TEST_CASE("a list of movements, pick lists or holds reads its page, whichever filters it has")
{
    Filled filled;
    const std::vector<std::optional<core::Id>> buildings{std::nullopt, id(1), id(2), id(3)};
    filled.reads.twice([&] {
        for (const auto& building : buildings) {
            for (const auto* sku : {"", "1", "2", "3"}) {
                contracts::StockMovementList filter;
                filter.building_id = building;
                if (*sku) filter.sku = sku;
                CAPTURE(contracts::to_json(filter));
                CHECK(filled.blocks([&] {
                    return filled.replica.stock_repository.movements(soon(), filter, core::newest_id(),
                                                                     kPage);
                }) < kFewBlocks);
            }
            for (const auto* state : {"", "open", "completed", "cancelled"}) {
                contracts::PickList filter;
                filter.building_id = building;
                if (*state) filter.state = contracts::pick_state_from_string(state);
                CAPTURE(contracts::to_json(filter));
                CHECK(filled.blocks([&] {
                    return filled.replica.pick_repository.list(soon(), filter, core::newest_id(), kPage);
                }) < kFewBlocks);
            }
        }
        contracts::HoldList held;
        held.state = contracts::HoldState::held;
        CHECK(filled.blocks([&] {
            return filled.replica.hold_repository.list(soon(), held, core::newest_id(), kPage);
        }) < kFewBlocks);
    });
}

TEST_CASE("what lists merge of several buildings and states is in their order")
{
    Filled filled;
    const auto movements = [&](const contracts::StockMovementList& filter) {
        std::vector<core::Id> ids;
        for (const auto& each :
             core::sync_wait(filled.replica.stock_repository.movements(soon(), filter, id(8), kPage)))
            ids.push_back(each.id);
        return ids;
    };
    using Ids = std::vector<core::Id>;
    contracts::StockMovementList filter;
    filter.sku = "1";
    CHECK(movements(filter) == Ids{id(6), id(4), id(2)});
    filter.building_id = id(2);
    CHECK(movements(filter) == Ids{id(2)});
    filter.sku.reset();
    CHECK(movements(filter) == Ids{id(7), id(5), id(2)});

    contracts::PickList of_building;
    of_building.building_id = id(1);
    Ids ids;
    for (const auto& pick :
         core::sync_wait(filled.replica.pick_repository.list(soon(), of_building, id(8), kPage)))
        ids.push_back(pick.id);
    CHECK(ids == Ids{id(6), id(4), id(3), id(1)});
}
