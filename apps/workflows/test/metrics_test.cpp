// What operators are told of is there once it has happened.

#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

namespace {

/// What a replica's /metrics says of one name, its labels included; nothing when it is not there.
std::optional<double> value(const Replica& replica, const std::string& name)
{
    const auto text = "\n" + replica.metrics.render();
    const auto at = text.find("\nlintel_workflow_" + name + " ");
    if (at == text.npos) return std::nullopt;
    return std::stod(text.substr(text.find(' ', at)));
}

bool comes_to(const Replica& replica, const std::string& name, double least)
{
    const bool came = testing::eventually(20s, [&] { return value(replica, name).value_or(-1) >= least; });
    if (!came) MESSAGE(name, " is ", value(replica, name).value_or(-1));
    return came;
}

std::string events(const std::string& event)
{
    return "events_total{event=\"" + event + "\"}";
}

}  // namespace

TEST_CASE("a backlog is counted, and how long its oldest has waited")
{
    World world;
    world.on("job", [&](messaging::Request) -> core::Task<std::string> {
        co_await world.hang();
        co_return "1";
    });
    Replica replica(world, 1);
    replica.define(definition("job", {request_step("job", {{"timeout", "1m"}})}));
    CHECK(comes_to(replica, "ready_steps", 0));
    CHECK(value(replica, "oldest_ready_age_seconds") == 0);
    CHECK(value(replica, "timer_lag_seconds") == 0);
    for (int at = 0; at < 4; ++at)
        replica.start("job");
    CHECK(comes_to(replica, "ready_steps", 3));
    CHECK(comes_to(replica, "oldest_ready_age_seconds", 0.2));
    CHECK(comes_to(replica, "attempts", 1));
    CHECK(value(replica, "claims_total") == 1);
    CHECK(value(replica, "attempt_duration_seconds_count") == 0);
    world.is_over = true;
    CHECK(comes_to(replica, "attempt_duration_seconds_count", 4));
    CHECK(comes_to(replica, "claims_total", 4));
    CHECK(comes_to(replica, events("run.completed"), 4));
    CHECK(testing::eventually(10s, [&] { return value(replica, "ready_steps") == 0; }));
}

TEST_CASE("retries, dead letters and compensations are counted")
{
    World world;
    world.on("bad", [](messaging::Request) -> core::Task<std::string> {
        throw core::Error(core::ErrorCode::unavailable, "not now");
        co_return std::string();
    });
    Replica replica(world);
    const json undo{{"compensate", {{"request", {{"subject", "effects.undo"}}}}}};
    replica.define(
        definition("undone", {request_step("a", undo), request_step("bad", {{"retry", quick_retries(3)}})}));
    replica.define(definition(
        "dead", {request_step("bad", {{"retry", quick_retries(2)}, {"onExhausted", "deadLetter"}})}));
    CHECK(comes_to(replica, "dead_letters", 0));
    const auto undone = replica.start("undone").id;
    REQUIRE(replica.comes_to(undone, WorkflowStatus::failed));
    CHECK(comes_to(replica, events("step.retrying"), 2));
    CHECK(comes_to(replica, events("step.undone"), 1));
    replica.start("dead");
    CHECK(comes_to(replica, "dead_letters", 1));
    CHECK(comes_to(replica, events("step.dead"), 1));
    CHECK(value(replica, "retrying_steps") == 0);
}

TEST_CASE("a lost lease is counted by who lost it, and the steps that it cost by who takes them over")
{
    World world;
    world.on("slow", [&](messaging::Request) -> core::Task<std::string> {
        co_await world.hang();
        co_return "1";
    });
    Replica hanging(world);
    Replica other(world);
    hanging.define(definition("slow", {request_step("slow", {{"timeout", "1m"}})}));
    CHECK(value(hanging, "sessions_lost_total") == 0);
    hanging.start("slow");
    REQUIRE(testing::eventually(5s, [&] { return world.requests("slow") == 1; }));
    hanging.is_frozen = true;
    CHECK(comes_to(other, events("step.leaseLost"), 1));
    hanging.is_frozen = false;
    CHECK(comes_to(hanging, "sessions_lost_total", 1));
    CHECK(value(other, "sessions_lost_total") == 0);
}
