// What fails again and again is not stuck, but seen.
#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

namespace {

/// A peer that fails for as long as it is told to. What it answers by outlives it, as the last request may.
struct Peer {
    explicit Peer(World& world, const std::string& name, const std::string& says = "out of order")
    {
        world.on(name, [broken = is_broken, says](messaging::Request) -> core::Task<std::string> {
            if (*broken) throw core::Error(core::ErrorCode::unavailable, says);
            co_return "1";
        });
    }
    const std::shared_ptr<std::atomic<bool>> is_broken = std::make_shared<std::atomic<bool>>(true);
};

contracts::RetryingStepPage list(Replica& replica, const json& request = json::object())
{
    return core::sync_wait(replica.actions.retrying(soon(), contracts::parse_retrying_step_list(request)));
}

bool counts(const Replica& replica, int steps)
{
    const auto line = "\nlintel_workflow_retrying_steps " + std::to_string(steps) + "\n";
    return testing::eventually(10s, [&] { return replica.metrics.render().find(line) != std::string::npos; });
}

json broken_step(const std::string& name)
{
    return request_step(name, {{"retry", quick_retries()}});
}

}  // namespace

TEST_CASE("a step that fails again and again is counted and listed until it succeeds, and is not stuck")
{
    World world;
    Peer peer(world, "a");
    Replica replica(world);
    replica.define(definition("fragile", broken_step("a")));
    replica.define(definition("lazy", {{"name", "nap"}, {"sleep", {{"for", "1h"}}}}));
    const auto id = replica.start("fragile").id;
    const auto asleep = replica.start("lazy").id;
    REQUIRE(replica.comes_to(asleep, WorkflowStatus::waiting));

    REQUIRE(testing::eventually(20s, [&] { return list(replica).items.size() == 1; }));
    const auto step = list(replica).items.front();
    CHECK(step.workflow_id == id);
    CHECK(step.definition == "fragile");
    CHECK(step.path == "a");
    CHECK(step.failures >= 10);
    CHECK(step.error.code == "unavailable");
    CHECK(step.error.message == "out of order");
    CHECK(step.last_attempt_at);
    CHECK(counts(replica, 1));
    CHECK(replica.stuck() == 0);
    CHECK(list(replica, {{"minFailures", 1}}).items.size() == 1);
    CHECK(list(replica, {{"minFailures", 1000000}}).items.empty());
    CHECK(list(replica, {{"definition", "lazy"}}).items.empty());

    replica.act(id, workflow::Pause{});
    CHECK(testing::eventually(10s, [&] { return list(replica).items.empty(); }));
    CHECK(counts(replica, 0));
    replica.act(id, workflow::Resume{});
    CHECK(testing::eventually(10s, [&] { return list(replica).items.size() == 1; }));

    *peer.is_broken = false;
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    CHECK(list(replica, {{"minFailures", 1}}).items.empty());
    CHECK(counts(replica, 0));
}

TEST_CASE("what is retried is listed page by page, whatever the peer says, and what is terminated no more")
{
    World world;
    // One byte off the boundary of its two-byte characters.
    std::string long_story = "x";
    for (int i = 0; i < 3000; ++i)
        long_story += "é";
    Peer peer(world, "a", long_story);
    Replica replica(world);
    replica.define(definition("fragile", broken_step("a")));
    std::vector<core::Id> ids;
    for (int i = 0; i < 3; ++i)
        ids.push_back(replica.start("fragile").id);
    json request = {{"minFailures", 2}, {"pageSize", 2}};
    REQUIRE(testing::eventually(20s, [&] { return list(replica, {{"minFailures", 2}}).items.size() == 3; }));

    const auto first = list(replica, request);
    REQUIRE(first.items.size() == 2);
    REQUIRE(first.next_page_token);
    CHECK(first.items[0].workflow_id == ids[0]);
    CHECK(first.items[1].workflow_id == ids[1]);
    CHECK(first.items[0].error.message == long_story.substr(0, 3999));
    CHECK_NOTHROW(contracts::parse_retrying_step_page(json::parse(contracts::to_json(first))));
    request["pageToken"] = *first.next_page_token;
    const auto last = list(replica, request);
    REQUIRE(last.items.size() == 1);
    CHECK(last.items[0].workflow_id == ids[2]);
    CHECK_FALSE(last.next_page_token);
    request["minFailures"] = 3;
    CHECK_THROWS_AS(list(replica, request), core::Error);

    for (const auto& id : ids)
        replica.act(id, workflow::Terminate{});
    CHECK(testing::eventually(10s, [&] { return list(replica, {{"minFailures", 1}}).items.empty(); }));
}

TEST_CASE("what is retried is counted by an index of its own")
{
    World world;
    Peer peer(world, "a");
    Replica replica(world);
    replica.define(definition("fragile", broken_step("a")));
    replica.start("fragile");
    CHECK(counts(replica, 1));
    CHECK(testing::eventually(10s, [&] {
        return world.database.query(
                   "SELECT idx_tup_read > 0 FROM pg_stat_user_indexes "
                   "WHERE indexrelname = 'steps_retrying'") == "t";
    }));
}
