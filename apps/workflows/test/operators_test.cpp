// What operators do with many workflows at once, and with dead letters.

#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

TEST_CASE("what a peer refuses is a dead letter, too, when its definition wants that")
{
    World world;
    Replica replica(world);
    world.on("picky", [](messaging::Request request) -> core::Task<std::string> {
        if (request.data() != "good") throw core::Error(core::ErrorCode::invalid, "bad");
        co_return R"("fine")";
    });
    replica.define(
        definition("refused", {request_step("picky", {{"input", "bad"}, {"onExhausted", "deadLetter"}})}));
    const auto id = replica.start("refused").id;
    REQUIRE(testing::eventually(
        10s, [&] { return core::sync_wait(replica.actions.dead_letters(soon(), {})).items.size() == 1; }));
    contracts::DeadLetterReplay replay;
    replay.id = core::sync_wait(replica.actions.dead_letters(soon(), {})).items.at(0).id;
    replay.input = R"("good")";
    core::sync_wait(replica.actions.replay(soon(), replay, {"replay", "", ""}));
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
}

TEST_CASE("a dead letter can be mended and replayed")
{
    World world;
    Replica replica(world);
    world.on("picky", [](messaging::Request request) -> core::Task<std::string> {
        if (request.data() != "good") throw core::Error(core::ErrorCode::unavailable, "bad");
        co_return R"("fine")";
    });
    replica.define(definition("picky", {request_step("picky", {{"input", "bad"},
                                                               {"onExhausted", "deadLetter"},
                                                               {"retry", quick_retries(2)}})}));
    const auto id = replica.start("picky").id;
    REQUIRE(testing::eventually(
        10s, [&] { return core::sync_wait(replica.actions.dead_letters(soon(), {})).items.size() == 1; }));
    const auto letter = core::sync_wait(replica.actions.dead_letters(soon(), {})).items.at(0);
    CHECK(letter.workflow_id == id);
    CHECK(replica.get(id).status == WorkflowStatus::waiting);
    CHECK(replica.stuck() == 0);
    contracts::DeadLetterReplay replay;
    replay.id = letter.id;
    replay.input = R"("good")";
    core::sync_wait(replica.actions.replay(soon(), replay, {"replay", "key-1", "same"}));
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    // Its answer was lost: the dead letter is gone, and the key tells.
    const auto again = core::sync_wait(replica.actions.replay(soon(), replay, {"replay", "key-1", "same"}));
    CHECK(again.is_replay);
    CHECK(again.id == id);
    CHECK_THROWS_WITH(core::sync_wait(replica.actions.replay(soon(), replay, {"replay", "key-1", "other"})),
                      storage::key_of_another_request().what());
    CHECK_THROWS_WITH(core::sync_wait(replica.actions.replay(soon(), replay, {"replay", "key-2", "same"})),
                      ("there is no dead letter " + letter.id.to_string()).c_str());
    CHECK(core::sync_wait(replica.actions.dead_letters(soon(), {})).items.empty());
}

TEST_CASE("many at once: by filter, tried dry first")
{
    World world;
    Replica replica(world);
    replica.define(definition("wait", {{{"name", "wait"}, {"signal", {{"name", "go"}}}}}));
    for (int at = 0; at < 50; ++at)
        replica.start("wait");
    contracts::WorkflowBulk bulk;
    bulk.action = contracts::BulkAction::cancel;
    bulk.filter.definition = "wait";
    bulk.filter.status = WorkflowStatus::waiting;
    bulk.dry_run = true;
    CHECK(core::sync_wait(replica.actions.bulk(soon(), bulk, {})).matched == 50);
    CHECK(world.database.query("SELECT count(*) FROM workflows WHERE status = 'cancelled'") == "0");
    bulk.dry_run = false;
    bulk.limit = 30;
    const auto some = core::sync_wait(replica.actions.bulk(soon(), bulk, {}));
    CHECK(some.applied == 30);
    CHECK(some.has_more);
    const auto rest = core::sync_wait(replica.actions.bulk(soon(), bulk, {}));
    CHECK(rest.applied == 20);
    CHECK_FALSE(rest.has_more);
    CHECK(world.database.query("SELECT count(*) FROM workflows WHERE status = 'cancelled'") == "50");
}

TEST_CASE("many at once: a trial counts what would be done, and a key lets it happen once")
{
    World world;
    Replica replica(world);
    replica.define(definition("brief", {request_step("one")}));
    std::vector<core::Id> ids;
    for (int at = 0; at < 20; ++at)
        ids.push_back(replica.start("brief").id);
    for (const auto& id : ids)
        REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    contracts::WorkflowBulk bulk;
    bulk.filter.definition = "brief";
    bulk.action = contracts::BulkAction::pause;
    bulk.dry_run = true;
    const auto nothing = core::sync_wait(replica.actions.bulk(soon(), bulk, {}));
    CHECK(nothing.matched == 20);
    CHECK(nothing.applied == 0);
    CHECK(nothing.skipped == 20);
    bulk.action = contracts::BulkAction::rerun;
    bulk.from_step = "one";
    CHECK(core::sync_wait(replica.actions.bulk(soon(), bulk, {})).applied == 20);
    CHECK(world.requests("one") == 20);
    bulk.dry_run = false;
    for (const bool is_repeated : {false, true}) {
        const auto rerun = core::sync_wait(replica.actions.bulk(soon(), bulk, {"bulk", "key-1", "same"}));
        CHECK(rerun.applied == 20);
        CHECK(rerun.is_replay == is_repeated);
        for (const auto& id : ids)
            REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
        CHECK(world.requests("one") == 40);
    }
}

TEST_CASE("many at once: paused and resumed, retried when they have failed")
{
    World world;
    Replica replica(world);
    std::atomic<bool> is_mended{false};
    world.on("fragile", [&](messaging::Request) -> core::Task<std::string> {
        if (!is_mended) throw core::Error(core::ErrorCode::conflict, "not yet");
        co_return "null";
    });
    replica.define(
        definition("many", {{{"name", "go"}, {"signal", {{"name", "go"}}}}, request_step("fragile")}));
    std::vector<core::Id> ids;
    for (int at = 0; at < 10; ++at)
        ids.push_back(replica.start("many").id);
    const auto to_all = [&](contracts::BulkAction action) {
        contracts::WorkflowBulk bulk;
        bulk.filter.definition = "many";
        bulk.action = action;
        return core::sync_wait(replica.actions.bulk(soon(), bulk, {}));
    };
    CHECK(to_all(contracts::BulkAction::pause).applied == 10);
    CHECK(replica.get(ids[0]).status == WorkflowStatus::paused);
    CHECK(to_all(contracts::BulkAction::resume).applied == 10);
    CHECK(replica.get(ids[0]).status == WorkflowStatus::waiting);
    CHECK(to_all(contracts::BulkAction::retry).skipped == 10);
    for (const auto& id : ids)
        replica.signal(id, "1", "go");
    for (const auto& id : ids)
        REQUIRE(replica.comes_to(id, WorkflowStatus::failed));
    is_mended = true;
    CHECK(to_all(contracts::BulkAction::retry).applied == 10);
    for (const auto& id : ids)
        REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
}
