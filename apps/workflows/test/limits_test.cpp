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
