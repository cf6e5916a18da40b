// Why a run ends: what its compensations are told, and who may end it by its key.
#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

namespace {

/// A step whose compensation is told why.
json told(const std::string& name)
{
    return request_step(
        name, {{"compensate",
                {{"request", {{"subject", "effects.undo"}}}, {"input", {{"why", {{"$ref", "/failure"}}}}}}}});
}

/// What the compensation was told.
json why(World& world, Replica& replica, const core::Id& id)
{
    REQUIRE(testing::eventually(10s, [&] { return world.requests("undo") == 1; }));
    auto all = replica.steps(id);
    for (auto& step : all)
        if (step.at("path") == "a~undo" && step.contains("output")) return step["output"]["with"]["why"];
    return nullptr;
}

}  // namespace

TEST_CASE("a compensation is told which step failed, and the faults that the peer found")
{
    World world;
    Replica replica(world);
    world.on("b", [](messaging::Request) -> core::Task<std::string> {
        throw core::Error(core::ErrorCode::conflict, "too little",
                          {{"/lines/0", "3 of 5 are there"}, {"/lines/1", std::string(2000, 'x')}});
        co_return "";
    });
    replica.define(definition("saga", {told("a"), request_step("b")}));
    const auto id = replica.start("saga").id;
    REQUIRE(replica.comes_to(id, WorkflowStatus::failed));
    CHECK(why(world, replica, id) == json::parse(R"({"status": "failed", "step": "b", "code": "conflict",
        "message": "too little", "errors": [{"pointer": "/lines/0", "detail": "3 of 5 are there"}]})"));
    const auto error = replica.get(id).error;
    REQUIRE(error);
    REQUIRE(error->errors);
    CHECK(error->errors->size() == 1);
    CHECK(error->errors->at(0).detail == "3 of 5 are there");
}

TEST_CASE("a run is cancelled and terminated by its definition and key")
{
    World world;
    Replica replica(world);
    replica.define(definition("saga", {told("a"), {{"name", "b"}, {"signal", {{"name", "go"}}}}}));
    const auto stop = [&](const std::string& key, workflow::Event event) {
        contracts::WorkflowStop request;
        request.definition = "saga";
        if (!key.empty()) request.key = key;
        return core::sync_wait(replica.actions.stop(soon(), request, std::move(event), {}));
    };
    const auto id = replica.start("saga", json::object(), "k").id;
    REQUIRE(replica.comes_to(id, WorkflowStatus::waiting));
    CHECK(stop("k", workflow::Cancel{"changed my mind"}).id == id);
    REQUIRE(replica.comes_to(id, WorkflowStatus::cancelled));
    CHECK(why(world, replica, id) == json{{"status", "cancelled"}, {"reason", "changed my mind"}});

    const auto other = replica.start("saga", json::object(), "l").id;
    REQUIRE(replica.comes_to(other, WorkflowStatus::waiting));
    CHECK(stop("l", workflow::Terminate{}).status == WorkflowStatus::terminated);
    CHECK_THROWS_WITH_AS(stop("m", workflow::Cancel{}), "'saga' has no workflow with the key 'm'",
                         core::Error);
    CHECK_THROWS_WITH_AS(stop("", workflow::Cancel{}), "what is to be stopped is not named", core::Error);
}
