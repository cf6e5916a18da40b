#include <doctest/doctest.h>

#include <functional>

#include "builder.hpp"
#include "scene.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;
using Strings = std::vector<std::string>;

namespace {

Strings ready_steps(const Scene& scene)
{
    Strings paths;
    for (const auto& [path, record] : scene.run.steps)
        if (record.state == StepState::ready) paths.push_back(path);
    return paths;
}

}  // namespace

TEST_CASE("a failure undoes the completed steps, one at a time, last first")
{
    auto steps =
        Scope{undoable(request("a")), undoable(request("b")), request("c"), request("d"), request("end")};
    steps[4].after = {0, 1, 2, 3};
    Scene scene{define(steps)};
    scene.begin();
    scene.succeed("b");
    scene.succeed("a");
    scene.succeed("c");
    scene.fail("d", "no_luck");
    CHECK(scene.status() == "compensating");
    CHECK(scene.state("end") == "absent");
    CHECK(ready_steps(scene) == Strings{"a~undo"});
    scene.succeed("a~undo");
    CHECK(ready_steps(scene) == Strings{"b~undo"});
    scene.succeed("b~undo");
    CHECK(scene.status() == "failed");
    CHECK(scene.run.error == StepError{"no_luck", "said so", "d"});
    CHECK(scene.history() == Strings{"run.started", "step.completed", "step.completed", "step.completed",
                                     "step.failed", "step.undone", "step.undone", "run.failed"});
}

TEST_CASE("without anything to undo a run ends at once")
{
    Scene scene{define(chain({request("a"), request("b")}))};
    scene.begin();
    scene.succeed("a");
    SUBCASE("failed")
    {
        scene.fail("b", "no_luck");
        CHECK(scene.status() == "failed");
    }
    SUBCASE("cancelled")
    {
        CHECK(scene.apply(Cancel{"why not"}) == Outcome::applied);
        CHECK(scene.status() == "cancelled");
        CHECK(scene.run.error == StepError{"cancelled", "why not", ""});
        CHECK(scene.apply(Cancel{}) == Outcome::stale);
        CHECK(error_of([&] { scene.apply(Terminate{}); }) == lintel::core::ErrorCode::conflict);
    }
}

TEST_CASE("cancelling waits for what is under way and gives up the rest")
{
    auto retried = request("retried");
    Scene scene{
        define({undoable(request("busy")), retried, request("ready"), sleep_for("nap", milliseconds{9}),
                wait_for("signal", "go"), attempts(request("dead"), 1, OnExhausted::dead_letter)})};
    scene.begin();
    scene.claim("busy");
    scene.fail("retried", "unavailable");
    scene.fail("dead", "unavailable");
    scene.apply(Cancel{});
    CHECK(scene.status() == "compensating");
    CHECK(scene.state("busy") == "claimed");
    for (const auto* path : {"retried", "ready", "nap", "signal", "dead"})
        CHECK(scene.state(path) == "cancelled");
    SUBCASE("it completes, and is undone")
    {
        scene.succeed("busy");
        CHECK(ready_steps(scene) == Strings{"busy~undo"});
        CHECK(scene.apply(Cancel{}) == Outcome::stale);
        scene.succeed("busy~undo");
    }
    SUBCASE("it is refused")
    {
        scene.fail("busy", "no_luck");
        CHECK(scene.state("busy") == "cancelled");
    }
    SUBCASE("it has certainly not happened")
    {
        scene.fail("busy", "unavailable");
        CHECK(scene.state("busy") == "cancelled");
    }
    SUBCASE("it was not sent")
    {
        scene.apply(HandedBack{"busy", 1, false});
        CHECK(scene.state("busy") == "cancelled");
    }
    CHECK(scene.status() == "cancelled");
}

TEST_CASE("an ending run finds out what must be undone")
{
    const std::vector<std::pair<std::string, std::function<void(Scene&)>>> ways{
        {"an answer that says nothing",
         [](Scene& scene) {
             scene.fail("a", "deadline_exceeded");
             CHECK(scene.state("a") == "scheduled");
             scene.pass(milliseconds{1000});
             scene.fire("a");
         }},
        {"a lost lease", [](Scene& scene) { scene.lose("a"); }},
        {"handed back",
         [](Scene& scene) {
             scene.apply(HandedBack{"a", 1});
         }},
    };
    for (const auto& [name, lose_track] : ways) {
        for (const bool has_happened : {true, false}) {
            CAPTURE(name);
            Scene scene{define({attempts(undoable(request("a")), 2)})};
            scene.begin();
            scene.claim("a");
            scene.apply(Cancel{});
            lose_track(scene);
            CHECK(scene.status() == "compensating");
            CHECK(scene.state("a") == "ready");
            CHECK(scene.step("a").generation == 0);
            if (has_happened) {
                scene.succeed("a");
                scene.succeed("a~undo");
            } else {
                scene.fail("a", "no_luck");
                CHECK(scene.state("a") == "cancelled");
            }
            CHECK(scene.status() == "cancelled");
        }
    }
}

TEST_CASE("the outcome of what has no compensation is of no interest to an ending run")
{
    Scene scene{define({request("a")})};
    scene.begin();
    scene.lose("a");
    scene.claim("a");
    scene.apply(Cancel{});
    CHECK(scene.status() == "compensating");
    SUBCASE("lost")
    {
        scene.lose("a");
    }
    SUBCASE("unknown")
    {
        scene.fail("a", "deadline_exceeded");
    }
    CHECK(scene.status() == "cancelled");
}

TEST_CASE("finding out has the limits that the step has, and is left to somebody then")
{
    for (const auto then : {OnExhausted::fail, OnExhausted::dead_letter}) {
        Scene scene{define({attempts(undoable(request("a")), 2, then)})};
        scene.begin();
        scene.fail("a", "deadline_exceeded");
        scene.apply(Cancel{});
        CHECK(scene.state("a") == "scheduled");
        scene.pass(milliseconds{1000});
        scene.fire("a");
        scene.fail("a", "unavailable");
        CHECK(scene.state("a") == "dead");
        CHECK(scene.status() == "compensating");
    }
}

TEST_CASE("a dead letter that may have had an effect is kept until that is known")
{
    Scene scene{define({undoable(request("a"))})};
    scene.moment.limits.lease_losses = 1;
    scene.begin();
    scene.lose("a");
    scene.apply(Cancel{});
    CHECK(scene.state("a") == "dead");
    CHECK(scene.status() == "compensating");
    scene.apply(Retry{});
    scene.succeed("a");
    scene.succeed("a~undo");
    CHECK(scene.status() == "cancelled");
}

TEST_CASE("a compensation that fails for good is a dead letter that the run waits for")
{
    for (const auto* code : {"no_luck", "unavailable"}) {
        CAPTURE(code);
        Scene scene{define({undoable(attempts(request("a"), 1)), request("b")})};
        scene.begin();
        scene.succeed("a", R"("it")");
        scene.fail("b", "first");
        scene.fail("a~undo", code);
        CHECK(scene.state("a~undo") == "dead");
        CHECK(scene.status() == "compensating");
        scene.apply(Replay{"a~undo", {}});
        CHECK(scene.state("a~undo") == "ready");
        scene.succeed("a~undo");
        CHECK(scene.status() == "failed");
        CHECK(scene.run.error->code == "first");
    }
}

TEST_CASE("compensations are retried under the policy of their own")
{
    auto step = undoable(request("a"));
    step.compensate->retry.initial_interval = milliseconds{7};
    Scene scene{define({step, request("b")})};
    scene.begin();
    scene.succeed("a");
    scene.apply(Cancel{});
    scene.fail("a~undo", "internal");
    CHECK(scene.step("a~undo").due_at == scene.moment.now + milliseconds{7});
    scene.pass(milliseconds{7});
    scene.fire("a~undo");
    scene.lose("a~undo");
    CHECK(scene.state("a~undo") == "ready");
    scene.succeed("a~undo");
    CHECK(scene.status() == "cancelled");
}

TEST_CASE("what is inside composites is undone, composites themselves are given up")
{
    const ForEachStep loop{.items = {1, 2}, .max_concurrency = 1, .steps = {undoable(request("a"))}};
    Scene scene{define({with(request("each"), loop)})};
    scene.begin();
    scene.succeed("each[0]/a");
    scene.fail("each[1]/a", "no_luck");
    CHECK(scene.state("each") == "cancelled");
    CHECK(ready_steps(scene) == Strings{"each[0]/a~undo"});
    scene.succeed("each[0]/a~undo");
    CHECK(scene.status() == "failed");
}

TEST_CASE("an ending run ends its children and waits for them")
{
    Scene scene{define({undoable(child("sub", "other")), request("b")})};
    scene.begin();
    const auto id = *scene.step("sub").child;
    scene.fail("b", "no_luck");
    CHECK(scene.commands<EndChild>() == std::vector<EndChild>{{id, false}});
    CHECK(scene.status() == "compensating");
    SUBCASE("the child was quicker")
    {
        scene.apply(ChildEnded{"sub", id, "5", {}});
        CHECK(ready_steps(scene) == Strings{"sub~undo"});
        scene.succeed("sub~undo");
    }
    SUBCASE("the child was cancelled")
    {
        scene.apply(ChildEnded{"sub", id, {}, {"cancelled", "", ""}});
        CHECK(scene.state("sub") == "cancelled");
    }
    CHECK(scene.status() == "failed");
    CHECK(scene.run.error->code == "no_luck");
    CHECK(scene.commands<EndChild>().size() == 1);
}

TEST_CASE("terminating ends everything at once and undoes nothing")
{
    Scene scene{define({undoable(request("a")), request("busy"), child("sub", "other")})};
    scene.begin();
    scene.succeed("a");
    scene.claim("busy");
    CHECK(scene.apply(Terminate{"now"}) == Outcome::applied);
    CHECK(scene.status() == "terminated");
    CHECK(scene.state("busy") == "cancelled");
    CHECK(scene.state("a~undo") == "absent");
    CHECK(scene.commands<EndChild>() == std::vector<EndChild>{{*scene.step("sub").child, true}});
    CHECK(scene.apply(AttemptSucceeded{"busy", 1, "1"}) == Outcome::stale);
    CHECK(scene.apply(ChildEnded{"sub", *scene.step("sub").child, "1", {}}) == Outcome::stale);
    CHECK(scene.apply(Terminate{}) == Outcome::stale);
    CHECK(error_of([&] { scene.apply(Cancel{}); }) == lintel::core::ErrorCode::conflict);
}

TEST_CASE("a run that winds down can be terminated")
{
    Scene scene{define({undoable(request("a")), request("b")})};
    scene.begin();
    scene.succeed("a");
    scene.apply(Cancel{});
    scene.claim("a~undo");
    scene.apply(Terminate{});
    CHECK(scene.status() == "terminated");
    CHECK(scene.state("a~undo") == "cancelled");
}
