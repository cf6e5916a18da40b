// Workflows on a real Postgres and a real broker.

#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::ConflictPolicy;
using contracts::WorkflowStatus;
using Order = std::vector<std::string>;

namespace {

core::Task<std::string> refuse(core::ErrorCode code, const char* why)
{
    throw core::Error(code, why);
    co_return std::string();
}

json undoable(const std::string& name)
{
    return request_step(name, {{"compensate",
                                {{"request", {{"subject", "effects.undo-" + name}}},
                                 {"input", {{"$ref", "/steps/" + name + "/output/did"}}}}}});
}

}  // namespace

TEST_CASE("three steps run one after the other, each with what came before")
{
    World world;
    Replica replica(world);
    replica.define(definition("three", {request_step("a", {{"input", {{"n", {{"$ref", "/input/n"}}}}}}),
                                        request_step("b", {{"input", {{"$ref", "/steps/a/output/with/n"}}}}),
                                        request_step("c", {{"input", {{"$ref", "/steps/b/output"}}}})}));
    const auto id = replica.start("three", {{"n", 7}}).id;
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    CHECK(replica.output(id) == json({{"did", "c"}, {"with", {{"did", "b"}, {"with", 7}}}}));
    CHECK(world.done() == Order{"a", "b", "c"});
    CHECK(replica.history(id) ==
          Order{"run.started", "step.completed", "step.completed", "step.completed", "run.completed"});
    CHECK(replica.get(id).finished_at);
    CHECK(replica.stuck() == 0);
}

TEST_CASE("a run keeps the version of its definition that it was started with")
{
    World world;
    core::Id old;
    auto document =
        definition("growing", {request_step("a"), {{"name", "go"}, {"signal", {{"name", "go"}}}}});
    document["steps"].push_back(request_step("b"));
    {
        Replica replica(world);
        replica.define(document);
        old = replica.start("growing").id;
        REQUIRE(replica.comes_to(old, WorkflowStatus::waiting));
        document["version"] = 2;
        document["steps"][2] = request_step("c");
        replica.define(document);
        const auto fresh = replica.start("growing").id;
        CHECK(replica.get(fresh).definition_version == 2);
        replica.signal(fresh, "1", "go");
        REQUIRE(replica.comes_to(fresh, WorkflowStatus::completed));
        CHECK(world.done() == Order{"a", "a", "c"});
    }
    // One that has seen neither of them before.
    Replica replica(world);
    replica.signal(old, "1", "go");
    REQUIRE(replica.comes_to(old, WorkflowStatus::completed));
    CHECK(replica.get(old).definition_version == 1);
    CHECK(world.done() == Order{"a", "a", "c", "b"});
}

TEST_CASE("the caller's trace goes on through the steps and the children")
{
    World world;
    Replica replica(world);
    std::mutex mutex;
    std::set<std::string> traces;
    world.on("a", [&](messaging::Request request) -> core::Task<std::string> {
        std::lock_guard lock(mutex);
        traces.insert(request.context.trace.trace_id());
        co_return "1";
    });
    replica.define(definition("inner", request_step("b", {{"request", {{"subject", "effects.a"}}}})));
    replica.define(definition("traced", {request_step("a"),
                                         {{"name", "nap"}, {"sleep", {{"for", "50ms"}}}},
                                         {{"name", "kid"}, {"workflow", {{"definition", "inner"}}}},
                                         {{"name", "again"}, {"request", {{"subject", "effects.a"}}}}}));
    const auto context = soon();
    contracts::WorkflowStart request;
    request.definition = "traced";
    const auto id = core::sync_wait(replica.workflows.start(context, request, {})).id;
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    std::lock_guard lock(mutex);
    CHECK(traces == std::set{context.trace.trace_id()});
    CHECK(world.requests("a") == 3);
}

TEST_CASE("what fails for a time is repeated under the same key until it does not")
{
    World world;
    Replica replica(world);
    std::mutex mutex;
    std::set<std::string> keys;
    std::atomic<int> calls = 0;
    world.on("flaky", [&](messaging::Request request) -> core::Task<std::string> {
        {
            std::lock_guard lock(mutex);
            keys.insert(request.idempotency_key);
        }
        if (++calls < 4) throw core::Error(core::ErrorCode::unavailable, "not now");
        co_return R"("at last")";
    });
    replica.define(definition("flaky", {request_step("flaky", {{"retry", quick_retries()}})}));
    const auto id = replica.start("flaky").id;
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    CHECK(replica.output(id) == "at last");
    std::lock_guard lock(mutex);
    CHECK(keys.size() == 1);
    CHECK(calls == 4);
}

TEST_CASE("a failure undoes what was done, in reverse, and nothing else")
{
    World world;
    Replica replica(world);
    world.on("d", [](messaging::Request) { return refuse(core::ErrorCode::conflict, "no funds"); });
    replica.define(
        definition("saga", {undoable("a"), request_step("b"), undoable("c"), undoable("d"), undoable("e")}));
    const auto id = replica.start("saga").id;
    REQUIRE(replica.comes_to(id, WorkflowStatus::failed));
    CHECK(world.done() == Order{"a", "b", "c", "d", "undo-c", "undo-a"});
    REQUIRE(replica.get(id).error);
    CHECK(replica.get(id).error->code == "conflict");
    CHECK(replica.get(id).error->step == "d");
    CHECK(replica.stuck() == 0);
}

TEST_CASE("a sleep is never short, and costs nobody anything")
{
    World world;
    Replica replica(world);
    replica.define(
        definition("nap", {{{"name", "nap"}, {"sleep", {{"for", "700ms"}}}}, request_step("after")}));
    const auto id = replica.start("nap").id;
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    // By the database's clock.
    CHECK(world.database.query(
              "SELECT finished_at - created_at >= interval '700 milliseconds' FROM workflows") == "t");
}

TEST_CASE("a signal counts once, before the wait, during it, and before the start")
{
    World world;
    Replica replica(world);
    const json wait = {{"name", "approval"}, {"signal", {{"name", "approved"}}}};
    replica.define(definition(
        "approval", {wait, request_step("after", {{"input", {{"$ref", "/steps/approval/output"}}}})}));

    SUBCASE("while it is waited for")
    {
        const auto id = replica.start("approval").id;
        REQUIRE(replica.comes_to(id, WorkflowStatus::waiting));
        CHECK_FALSE(replica.signal(id, "s1", "other").is_duplicate);
        CHECK_FALSE(replica.signal(id, "s2", "approved", {{"by", "anna"}}).is_duplicate);
        REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
        CHECK(replica.output(id).at("with").at("by") == "anna");
    }
    SUBCASE("twice is once")
    {
        replica.define(definition("twice", {wait, {{"name", "second"}, {"signal", {{"name", "approved"}}}}}));
        const auto id = replica.start("twice").id;
        CHECK_FALSE(replica.signal(id, "s1", "approved", 1).is_duplicate);
        CHECK(replica.signal(id, "s1", "approved", 2).is_duplicate);
        CHECK(replica.comes_to(id, WorkflowStatus::waiting));
        CHECK_FALSE(replica.signal(id, "s2", "approved", 3).is_duplicate);
        REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
        CHECK(replica.output(id) == 3);
    }
    SUBCASE("before there is anything to send it to")
    {
        contracts::WorkflowSignal early;
        early.definition = "approval";
        early.key = "order-7";
        early.signal_id = "s1";
        early.name = "approved";
        early.payload = R"({"by":"early"})";
        CHECK_FALSE(core::sync_wait(replica.actions.signal(soon(), early)).workflow_id);
        CHECK(core::sync_wait(replica.actions.signal(soon(), early)).is_duplicate);
        const auto id = replica.start("approval", json::object(), "order-7").id;
        REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
        CHECK(replica.output(id).at("with").at("by") == "early");
        CHECK(core::sync_wait(replica.actions.signal(soon(), early)).workflow_id == id);
    }
}

TEST_CASE("a key has one run, whoever asks")
{
    World world;
    Replica replica(world);
    replica.define(definition("one", {request_step("a")}));
    const auto first = replica.start("one", {{"n", 1}}, "k");
    CHECK_THROWS_AS(replica.start("one", {{"n", 1}}, "k"), core::Error);
    const auto again = replica.start("one", {{"n", 2}}, "k", ConflictPolicy::use_existing);
    CHECK(again.id == first.id);
    CHECK(again.is_existing);
    REQUIRE(replica.comes_to(first.id, WorkflowStatus::completed));
    CHECK(replica.start("one", json::object(), "k", ConflictPolicy::use_existing).id == first.id);
    CHECK(world.requests("a") == 1);
}

TEST_CASE("a child's end is its parent's step")
{
    World world;
    Replica replica(world);
    replica.define(definition("child", {request_step("inner", {{"input", {{"$ref", "/input/x"}}}})}));
    replica.define(definition(
        "parent", {{{"name", "kid"}, {"workflow", {{"definition", "child"}}}, {"input", {{"x", 5}}}},
                   request_step("after")}));
    const auto id = replica.start("parent").id;
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    CHECK(world.done() == Order{"inner", "after"});

    replica.define(definition("orphan", {{{"name", "kid"}, {"workflow", {{"definition", "nobody"}}}}}));
    const auto orphan = replica.start("orphan").id;
    REQUIRE(replica.comes_to(orphan, WorkflowStatus::failed));
    CHECK(replica.get(orphan).error->code == "not_found");
    CHECK(world.database.query("SELECT count(*) FROM mail") == "0");
}

TEST_CASE("a run can be paused, resumed, cancelled, retried and done again")
{
    World world;
    Replica replica(world);
    std::atomic<bool> fails = true;
    world.on("b", [&](messaging::Request) -> core::Task<std::string> {
        if (fails) throw core::Error(core::ErrorCode::conflict, "not yet");
        co_return "2";
    });
    replica.define(definition(
        "work", {undoable("a"), {{"name", "wait"}, {"signal", {{"name", "go"}}}}, request_step("b")}));
    const auto id = replica.start("work").id;
    REQUIRE(replica.comes_to(id, WorkflowStatus::waiting));
    CHECK(replica.act(id, workflow::Pause{}).status == WorkflowStatus::paused);
    replica.signal(id, "s", "go");
    CHECK(replica.get(id).status == WorkflowStatus::paused);
    replica.act(id, workflow::Resume{});
    REQUIRE(replica.comes_to(id, WorkflowStatus::failed));
    CHECK(world.requests("undo-a") == 1);
    CHECK_THROWS_AS(replica.act(id, workflow::Pause{}), core::Error);

    fails = false;
    replica.act(id, workflow::Retry{});
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    CHECK(world.requests("a") == 2);
    replica.act(id, workflow::Rerun{"b"}, "rerun-1");
    CHECK(replica.act(id, workflow::Rerun{"b"}, "rerun-1").is_replay);
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    CHECK(world.requests("b") == 3);
    CHECK_THROWS_AS(replica.act(core::Id::generate(), workflow::Pause{}), core::Error);
}

TEST_CASE("more work than room: all of it is done")
{
    World world;
    Replica small(world, 2);
    small.define(definition(
        "fan", {{{"name", "each"},
                 {"forEach", {{"items", {{"$ref", "/input/items"}}}, {"steps", {request_step("one")}}}}},
                request_step("after")}));
    json items = json::array();
    for (int at = 0; at < 40; ++at)
        items.push_back(at);
    const auto id = small.start("fan", {{"items", items}}).id;
    REQUIRE(small.comes_to(id, WorkflowStatus::completed));
    CHECK(world.requests("one") == 40);
    CHECK(world.requests("after") == 1);
}
