// Limits of definitions, over two replicas.

#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

TEST_CASE("limits hold over all replicas, and the keys take turns")
{
    World world;
    std::atomic<int> active = 0;
    std::atomic<int> most = 0;
    std::mutex mutex;
    std::map<std::string, int> by_key;
    int most_of_a_key = 0;
    world.on("work", [&](messaging::Request request) -> core::Task<std::string> {
        const auto key = request.data().get<std::string>();
        {
            std::lock_guard lock(mutex);
            most = std::max(most.load(), ++active);
            most_of_a_key = std::max(most_of_a_key, ++by_key[key]);
        }
        co_await world.threads.executor().sleep(30ms);
        std::lock_guard lock(mutex);
        --active;
        --by_key[key];
        co_return "1";
    });
    Replica first(world);
    Replica second(world);
    auto limited = definition("limited", {request_step("work", {{"input", {{"$ref", "/input/customer"}}}})});
    limited["limits"] = {
        {"concurrency", 4}, {"concurrencyPerKey", 2}, {"key", {{"$ref", "/input/customer"}}}};
    first.define(limited);
    std::vector<core::Id> ids;
    for (int at = 0; at < 30; ++at)
        ids.push_back(
            (at % 2 == 0 ? first : second).start("limited", {{"customer", at < 20 ? "a" : "b"}}).id);
    for (const auto& id : ids)
        REQUIRE(first.comes_to(id, WorkflowStatus::completed));
    CHECK(most <= 4);
    {
        std::lock_guard lock(mutex);
        CHECK(most_of_a_key <= 2);
    }
    CHECK(world.requests("work") == 30);
    CHECK(first.stuck() == 0);
}

TEST_CASE("keys without room do not keep out those that come after them, however many they are")
{
    World world;
    std::atomic<bool> is_open = false;
    world.on("work", [&](messaging::Request request) -> core::Task<std::string> {
        const bool waits = request.data() != "z";
        while (waits && !is_open)
            co_await world.threads.executor().sleep(20ms);
        co_return "1";
    });
    Replica replica(world);
    auto limited = definition("limited", {request_step("work", {{"input", {{"$ref", "/input/customer"}}}})});
    limited["limits"] = {{"concurrencyPerKey", 1}, {"key", {{"$ref", "/input/customer"}}}};
    replica.define(limited);
    const auto template_run = replica.start("limited", {{"customer", "a"}}).id;
    REQUIRE(testing::eventually(10s, [&] { return world.requests("work") == 1; }));
    // 1500 keys, each with a run under way and one that waits.
    world.database.query(
        "CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, 'a' || (n % 1500) AS key, n < 1500 AS "
        "is_active "
        "FROM generate_series(0, 2999) AS n; "
        "INSERT INTO workflows (id, version, name, status, definition, definition_version, input, limit_key, "
        "admitted_at, is_paused, attributes, metadata, created_at, updated_at) "
        "SELECT id, 1, 'limited', CASE WHEN is_active THEN 'waiting' ELSE 'pending' END, 'limited', 1, "
        "'{\"customer\":\"' || key || '\"}', key, CASE WHEN is_active THEN now() END, false, '{}', '{}', "
        "now(), now() "
        "FROM made");
    const auto last = replica.start("limited", {{"customer", "z"}}).id;
    CHECK(replica.comes_to(last, WorkflowStatus::completed));
    is_open = true;
    CHECK(replica.comes_to(template_run, WorkflowStatus::completed));
}

TEST_CASE("limits hold for what is retried in bulk")
{
    World world;
    std::atomic<bool> is_mended = false;
    std::atomic<int> active = 0;
    std::atomic<int> most = 0;
    world.on("work", [&](messaging::Request) -> core::Task<std::string> {
        if (!is_mended) throw core::Error(core::ErrorCode::conflict, "not yet");
        for (int seen = ++active; seen > most;)
            most = seen;
        co_await world.threads.executor().sleep(20ms);
        --active;
        co_return "1";
    });
    Replica replica(world);
    auto limited = definition("limited", {request_step("work")});
    limited["limits"] = {{"concurrency", 2}};
    replica.define(limited);
    std::vector<core::Id> ids;
    for (int at = 0; at < 12; ++at)
        ids.push_back(replica.start("limited").id);
    for (const auto& id : ids)
        REQUIRE(replica.comes_to(id, WorkflowStatus::failed));
    is_mended = true;
    contracts::WorkflowBulk bulk;
    bulk.action = contracts::BulkAction::retry;
    bulk.filter.definition = "limited";
    CHECK(core::sync_wait(replica.actions.bulk(soon(), bulk, {})).applied == 12);
    for (const auto& id : ids)
        REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    CHECK(most <= 2);
}

TEST_CASE("a rate is not exceeded")
{
    World world;
    Replica replica(world);
    auto limited = definition("slowly", {request_step("work")});
    limited["limits"] = {{"rate", 5}, {"period", "1s"}};
    replica.define(limited);
    std::vector<core::Id> ids;
    for (int at = 0; at < 12; ++at)
        ids.push_back(replica.start("slowly").id);
    for (const auto& id : ids)
        REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    // Among any six in a row the last was let in more than a period after the first.
    CHECK(world.database.query(
              "SELECT bool_and(at - sixth > interval '1 second') FROM (SELECT admitted_at AS at, "
              "lag(admitted_at, 5) OVER (ORDER BY admitted_at) AS sixth FROM workflows) AS w "
              "WHERE sixth IS NOT NULL") == "t");
}
