// What lists read of tables in which every filter finds many rows by itself, and few, or none, with another.

#include <chrono>

#include <doctest/doctest.h>

#include "building_repository.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/main/sql/migrations.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/testing/reads.hpp"
#include "order_repository.hpp"

using namespace lintel;
using namespace lintel::main;
using namespace std::chrono_literals;

namespace {

using Ids = std::vector<core::Id>;

constexpr std::int64_t kPage = 10;
/// Each half of a table has more of its own.
constexpr std::int64_t kFewBlocks = 250;

core::Id id(int number)
{
    return *core::Id::parse(testing::numbered_id(number));
}

struct Filled {
    /// Customer 1 orders from building 1, and all is completed; 2 from 2, and all is rejected; but for the
    /// oldest. All buildings but the oldest are stores in the city 2 of the category 2, and belong to
    /// building 2.
    Filled()
    {
        storage::Migrator(database.url()).run(sql::all_migrations);
        database.query(R"(
            ALTER TABLE orders SET (autovacuum_enabled = off);
            ALTER TABLE buildings SET (autovacuum_enabled = off);
            INSERT INTO orders (id, version, status, customer_id, building_id, currency, lines, events, attributes,
                                metadata, created_at, updated_at)
            SELECT id(n), 1, CASE WHEN n % 2 = (n < 8 AND n & 4 > 0)::int THEN 'completed' ELSE 'rejected' END,
                   id(1 + n % 2), id(1 + (n + (n < 8 AND n & 2 > 0)::int) % 2), 'EUR', '[]', 1, '{}', '{}', now(), now()
            FROM generate_series(1, 60000) AS n;
            INSERT INTO buildings (id, version, name, kind, category, city, parent_id, attributes, metadata, created_at,
                                   updated_at)
            SELECT id(n), 1, 'building ' || n, CASE WHEN n < 4 THEN 'warehouse' ELSE 'store' END, which, which,
                   CASE WHEN n > 2 THEN id(which::int) END, '{}', '{}', now(), now()
            FROM (SELECT n, CASE WHEN n < 4 THEN '1' ELSE '2' END AS which
                  FROM generate_series(1, 30000) AS n) AS numbered)");
    }

    template <typename List>
    std::int64_t blocks(List list)
    {
        return reads.by([&] { core::sync_wait(list()); });
    }

    static telemetry::Context soon() { return telemetry::Context::start(20s); }

    testing::Database database{"lists"};
    testing::Reads reads{database};
    core::IoThreads threads{2};
    telemetry::Metrics metrics;
    storage::Pool pool{threads.executor(), metrics, {.url = database.url(), .connections = 1}};
};

template <typename Entity>
Ids ids_of(const std::vector<Entity>& entities)
{
    Ids ids;
    for (const auto& entity : entities)
        ids.push_back(entity.id);
    return ids;
}

}  // namespace

TEST_CASE("a list of orders reads its page, whichever filters it has")
{
    Filled filled;
    OrderRepository orders(filled.pool);
    using Status = contracts::OrderStatus;
    const std::vector<std::optional<core::Id>> ids{std::nullopt, id(1), id(2), id(3)};
    const std::vector<std::optional<Status>> statuses{std::nullopt, Status::completed, Status::rejected,
                                                      Status::placed};
    const auto check = [&](const contracts::OrderList& filter) {
        CAPTURE(contracts::to_json(filter));
        const auto list = [&] { return orders.list(Filled::soon(), filter, core::newest_id(), kPage); };
        CHECK(filled.blocks(list) < kFewBlocks);
    };
    filled.reads.twice([&] {
        for (const auto& customer : ids)
            for (const auto& building : ids)
                for (const auto& status : statuses) {
                    contracts::OrderList filter;
                    filter.customer_id = customer;
                    filter.building_id = building;
                    filter.status = status;
                    check(filter);
                }
    });
}

TEST_CASE("a list merges the orders of all statuses in their order")
{
    Filled filled;
    OrderRepository orders(filled.pool);
    contracts::OrderList filter;
    const auto found = [&](int before) {
        return ids_of(core::sync_wait(orders.list(Filled::soon(), filter, id(before), kPage)));
    };
    CHECK(found(4) == Ids{id(3), id(2), id(1)});
    filter.customer_id = id(2);
    CHECK(found(10) == Ids{id(9), id(7), id(5), id(3), id(1)});
    filter.building_id = id(1);
    CHECK(found(60000) == Ids{id(7), id(3)});
    filter.status = contracts::OrderStatus::completed;
    CHECK(found(60000) == Ids{id(7)});
    filter.customer_id.reset();
    CHECK(found(9) == Ids{id(8), id(7)});
}

TEST_CASE("a list of buildings reads its page, whichever one filter it has")
{
    Filled filled;
    BuildingRepository buildings(filled.pool);
    using Kind = contracts::BuildingKind;
    std::vector<contracts::BuildingList> filters(1);
    for (const auto kind : {Kind::warehouse, Kind::store, Kind::hotel}) {
        contracts::BuildingList filter;
        filter.kind = kind;
        filters.push_back(filter);
    }
    for (const int which : {1, 2, 3}) {
        contracts::BuildingList filter;
        filter.parent_id = id(which);
        filters.push_back(filter);
        filter.kind = which == 2 ? Kind::store : Kind::warehouse;
        filters.push_back(filter);
        filter = {};
        filter.city = std::to_string(which);
        filters.push_back(filter);
        filter = {};
        filter.category = std::to_string(which);
        filters.push_back(filter);
    }
    // Before, the planner takes all those conditions to leave a handful of rows, and sorts what it finds.
    filled.database.query("ANALYZE");
    for (const auto& filter : filters) {
        CAPTURE(contracts::to_json(filter));
        const auto list = [&] { return buildings.list(Filled::soon(), filter, core::newest_id(), kPage); };
        CHECK(filled.blocks(list) < kFewBlocks);
    }

    contracts::BuildingList of_kind;
    of_kind.kind = Kind::warehouse;
    CHECK(ids_of(core::sync_wait(buildings.list(Filled::soon(), of_kind, id(3), kPage))) ==
          Ids{id(2), id(1)});
}
