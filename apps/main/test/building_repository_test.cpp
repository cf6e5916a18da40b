// The SQL of this service on a real Postgres.

#include "building_repository.hpp"

#include <doctest/doctest.h>

#include <set>

#include "building_patch.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/main/sql/migrations.hpp"
#include "lintel/main/sql/queries.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/testing/database.hpp"

using namespace lintel;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    testing::Database database{"buildings"};
    core::IoThreads threads;
    telemetry::Metrics metrics;
    int migrations = storage::Migrator(database.url()).run(main::sql::all_migrations);
    storage::Pool pool{threads.executor(), metrics, {.url = database.url()}};
    main::BuildingRepository repository{pool};

    telemetry::Context context = telemetry::Context::start(10s);

    main::NewBuilding make(std::string building_name, std::string key = {}) const
    {
        contracts::BuildingCreate request;
        request.name = std::move(building_name);
        return make(request, std::move(key));
    }
    main::NewBuilding make(const contracts::BuildingCreate& request, std::string key = {}) const
    {
        main::NewBuilding item;
        item.building = main::new_building(request);
        item.key = std::move(key);
        item.fingerprint = core::Id::derive(core::Id(), contracts::to_json(request));
        item.key_expires_at = item.building.created_at + 1h;
        item.intent.subject = "workflows.create";
        item.intent.payload = "{}";
        item.intent.idempotency_key = "key";
        item.intent.due_at = core::now() + 1h;
        return item;
    }
    bool insert(const main::NewBuilding& item)
    {
        return core::sync_wait(repository.insert(context, item)) == main::Insertion::inserted;
    }
    std::int64_t count(const std::string& table) const
    {
        return std::stoll(database.query("SELECT count(*) FROM " + table));
    }
    std::vector<contracts::Building> list(const contracts::BuildingList& filter)
    {
        return core::sync_wait(repository.list(context, filter, core::newest_id(), 100));
    }
};

}  // namespace

TEST_CASE("every query is accepted by the migrated schema")
{
    const Fixture fixture;
    CHECK_NOTHROW(storage::prepare_all(fixture.database.url(), main::sql::all_queries));
}

TEST_CASE("a building comes back as it was written, with its intent beside it")
{
    Fixture fixture;
    contracts::BuildingCreate request;
    request.name = "Quote \" backslash \\ brace { comma , é 😀";
    request.kind = contracts::BuildingKind::hotel;
    request.category = "NULL";
    request.address = contracts::Address{"1 Pine", "Seattle", "WA", "98101", "US"};
    request.location = contracts::Location{47.6122, -122.33799};
    request.year_built = 1927;
    request.floor_area_m2 = 8215.75;
    request.floors = 12;
    request.owner = {"user-1", std::nullopt};
    request.attributes = R"({"a": "{\"b\"}"})";
    auto item = fixture.make(request);
    REQUIRE(fixture.insert(item));

    const auto found = core::sync_wait(fixture.repository.get(fixture.context, item.building.id));
    REQUIRE(found);
    CHECK(*found == item.building);
    CHECK(fixture.count("intents") == 1);
    CHECK(fixture.count("idempotency_keys") == 0);
}

TEST_CASE("of many requests with one key exactly one is carried out")
{
    Fixture fixture;
    std::atomic<int> inserted = 0;
    std::atomic<int> left = 50;
    std::promise<void> done;
    const auto insert = [&](main::NewBuilding item) -> core::Task<void> {
        const auto insertion = co_await fixture.repository.insert(fixture.context, std::move(item));
        inserted += insertion == main::Insertion::inserted;
        if (--left == 0) done.set_value();
    };
    for (int i = 0; i < 50; ++i)
        core::spawn(insert(fixture.make("Store", "key")));
    REQUIRE(done.get_future().wait_for(20s) == std::future_status::ready);
    CHECK(inserted == 1);
    CHECK(fixture.count("buildings") == 1);
    CHECK(fixture.count("intents") == 1);
    CHECK(fixture.count("idempotency_keys") == 1);
}

TEST_CASE("a key leads to the building it was used for; an expired one may be used again")
{
    Fixture fixture;
    auto first = fixture.make("Store", "key");
    first.key_expires_at = first.building.created_at - 1s;
    REQUIRE(fixture.insert(first));
    const auto used = core::sync_wait(fixture.repository.find_key(fixture.context, "key"));
    REQUIRE(used);
    CHECK(used->building_id == first.building.id);
    CHECK(used->fingerprint == first.fingerprint);

    const auto second = fixture.make("Store", "key");
    CHECK(fixture.insert(second));
    CHECK(core::sync_wait(fixture.repository.find_key(fixture.context, "key"))->building_id ==
          second.building.id);
    CHECK(!core::sync_wait(fixture.repository.find_key(fixture.context, "another")));
}

TEST_CASE("one unknown parent fails alone in its batch")
{
    Fixture fixture;
    std::atomic<int> created = 0;
    std::atomic<int> refused = 0;
    std::atomic<int> left = 20;
    std::promise<void> done;
    const auto insert = [&](main::NewBuilding item) -> core::Task<void> {
        const auto insertion = co_await fixture.repository.insert(fixture.context, std::move(item));
        created += insertion == main::Insertion::inserted;
        refused += insertion == main::Insertion::no_parent;
        if (--left == 0) done.set_value();
    };
    for (int i = 0; i < 20; ++i) {
        auto item = fixture.make("Store " + std::to_string(i));
        if (i == 7) item.building.parent_id = core::Id::generate();
        core::spawn(insert(std::move(item)));
    }
    REQUIRE(done.get_future().wait_for(20s) == std::future_status::ready);
    CHECK(created == 19);
    CHECK(refused == 1);
    CHECK(fixture.count("intents") == 19);
}

TEST_CASE("lists go by their filters, the newest first")
{
    Fixture fixture;
    auto headquarters = fixture.make("Headquarters");
    headquarters.building.kind = contracts::BuildingKind::headquarters;
    headquarters.building.category = "listed";
    REQUIRE(fixture.insert(headquarters));
    auto store = fixture.make("Store_1");
    store.building.parent_id = headquarters.building.id;
    store.building.address =
        contracts::Address{.street = {}, .city = "Seattle", .region = {}, .postal_code = {}, .country = {}};
    REQUIRE(fixture.insert(store));
    REQUIRE(fixture.insert(fixture.make("StoreX1")));

    const auto names = [&](const contracts::BuildingList& filter) {
        std::vector<std::string> found;
        for (const auto& building : fixture.list(filter))
            found.push_back(building.name);
        return found;
    };
    using Names = std::vector<std::string>;
    CHECK(names({}) == Names{"StoreX1", "Store_1", "Headquarters"});
    CHECK(names({.kind = contracts::BuildingKind::headquarters}) == Names{"Headquarters"});
    CHECK(names({.category = "listed"}) == Names{"Headquarters"});
    CHECK(names({.city = "Seattle"}) == Names{"Store_1"});
    CHECK(names({.parent_id = headquarters.building.id}) == Names{"Store_1"});
    CHECK(names({.name_prefix = "Store"}) == Names{"StoreX1", "Store_1"});
    CHECK(names({.name_prefix = "Store_"}) == Names{"Store_1"});
    CHECK(names({.city = "Seattle", .name_prefix = "StoreX"}).empty());
    CHECK(names({.kind = contracts::BuildingKind::other, .parent_id = headquarters.building.id}) ==
          Names{"Store_1"});
}

TEST_CASE("a change is made alone, and one that is refused leaves nothing")
{
    Fixture fixture;
    const auto item = fixture.make("Store");
    REQUIRE(fixture.insert(item));
    const auto id = item.building.id;
    const auto count_up = [](const contracts::Building& present) {
        auto changed = present;
        ++changed.version;
        return changed;
    };
    std::atomic<int> left = 20;
    std::promise<void> done;
    const auto change = [&]() -> core::Task<void> {
        co_await fixture.repository.update(fixture.context, id, count_up);
        if (--left == 0) done.set_value();
    };
    for (int i = 0; i < 20; ++i)
        core::spawn(change());
    REQUIRE(done.get_future().wait_for(20s) == std::future_status::ready);
    CHECK(core::sync_wait(fixture.repository.get(fixture.context, id))->version == 21);

    const auto refuse = [](const contracts::Building&) -> contracts::Building {
        throw core::Error(core::ErrorCode::precondition, "no");
    };
    CHECK_THROWS_AS(core::sync_wait(fixture.repository.update(fixture.context, id, refuse)), core::Error);
    CHECK(core::sync_wait(fixture.repository.get(fixture.context, id))->version == 21);
    CHECK(!core::sync_wait(fixture.repository.update(fixture.context, core::Id::generate(), count_up)));
}

TEST_CASE("a building may not belong to itself, however far around")
{
    Fixture fixture;
    const auto top = fixture.make("Top");
    REQUIRE(fixture.insert(top));
    auto middle = fixture.make("Middle");
    middle.building.parent_id = top.building.id;
    REQUIRE(fixture.insert(middle));
    const auto under_middle = [&](const contracts::Building& present) {
        auto changed = present;
        changed.parent_id = middle.building.id;
        return changed;
    };
    CHECK_THROWS_AS(
        core::sync_wait(fixture.repository.update(fixture.context, top.building.id, under_middle)),
        core::Error);
    CHECK_THROWS_AS(
        core::sync_wait(fixture.repository.update(fixture.context, middle.building.id, under_middle)),
        core::Error);
}

TEST_CASE("a building that was deleted cannot become a parent")
{
    Fixture fixture;
    const auto parent = fixture.make("Parent");
    const auto child = fixture.make("Child");
    REQUIRE(fixture.insert(parent));
    REQUIRE(fixture.insert(child));
    core::sync_wait(
        fixture.repository.remove(fixture.context, parent.building.id, [](const contracts::Building&) {}));
    const auto adopt = [&](const contracts::Building& present) {
        auto changed = present;
        changed.parent_id = parent.building.id;
        return changed;
    };
    CHECK_THROWS_AS(core::sync_wait(fixture.repository.update(fixture.context, child.building.id, adopt)),
                    core::Error);
}

TEST_CASE("what was deleted is gone from reads, and its key stays taken")
{
    Fixture fixture;
    const auto item = fixture.make("Store", "key");
    REQUIRE(fixture.insert(item));
    const auto agree = [](const contracts::Building&) {};
    CHECK(core::sync_wait(fixture.repository.remove(fixture.context, item.building.id, agree)));
    CHECK(!core::sync_wait(fixture.repository.remove(fixture.context, item.building.id, agree)));
    CHECK(!core::sync_wait(fixture.repository.get(fixture.context, item.building.id)));
    CHECK(fixture.list({}).empty());
    CHECK(!fixture.insert(fixture.make("Store", "key")));
}

TEST_CASE("a parent that was deleted is refused, but a repeated request still finds its key")
{
    Fixture fixture;
    const auto parent = fixture.make("Parent");
    REQUIRE(fixture.insert(parent));
    auto child = fixture.make("Child", "key");
    child.building.parent_id = parent.building.id;
    REQUIRE(fixture.insert(child));
    const auto agree = [](const contracts::Building&) {};
    CHECK(core::sync_wait(fixture.repository.remove(fixture.context, parent.building.id, agree)));

    auto late = fixture.make("Late", "another key");
    late.building.parent_id = parent.building.id;
    CHECK(core::sync_wait(fixture.repository.insert(fixture.context, late)) == main::Insertion::no_parent);
    CHECK(!core::sync_wait(fixture.repository.find_key(fixture.context, "another key")));
    CHECK(core::sync_wait(fixture.repository.find_key(fixture.context, "key"))->building_id ==
          child.building.id);
    CHECK(fixture.count("intents") == 2);
}
