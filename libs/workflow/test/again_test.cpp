#include <doctest/doctest.h>

#include "builder.hpp"
#include "scene.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;
using lintel::core::ErrorCode;

TEST_CASE("a failed run goes on where it failed, and does again what was undone")
{
    auto steps = Scope{undoable(request("a")), request("kept"), request("b"), request("end")};
    steps[2].after = {0, 1};
    steps[3].after = {2};
    Scene scene{define(steps)};
    scene.begin();
    scene.succeed("a");
    scene.succeed("kept", R"("k")");
    scene.fail("b", "no_luck");
    scene.succeed("a~undo");
    REQUIRE(scene.status() == "failed");

    CHECK(scene.apply(Retry{}) == Outcome::applied);
    CHECK(scene.status() == "running");
    CHECK_FALSE(scene.run.error);
    CHECK(scene.state("a") == "ready");
    CHECK(scene.step("a").generation == 1);
    CHECK(scene.step("a").attempt == 1);
    CHECK(scene.state("a~undo") == "pending");
    CHECK(scene.step("a~undo").generation == 1);
    CHECK(scene.state("kept") == "completed");
    CHECK(scene.state("b") == "pending");
    CHECK(scene.step("b").generation == 1);
    CHECK(scene.step("b").failures == 0);
    scene.succeed("a");
    scene.succeed("b");
    scene.succeed("end");
    CHECK(scene.status() == "completed");
    CHECK(error_of([&] { scene.apply(Retry{}); }) == ErrorCode::conflict);
}

TEST_CASE("what may have had an effect is retried under the same key, what was refused under a new one")
{
    for (const auto& [code, generation] :
         {std::pair{"no_luck", 1}, {"unavailable", 1}, {"deadline_exceeded", 0}}) {
        CAPTURE(code);
        Scene scene{define({attempts(request("a"), 1)})};
        scene.begin();
        scene.fail("a", code);
        scene.apply(Retry{});
        CHECK(scene.state("a") == "ready");
        CHECK(scene.step("a").generation == generation);
    }
}

TEST_CASE("a step whose input may have changed is retried under a new key, whatever became of it")
{
    auto uncertain = attempts(request("c"), 1);
    Scene scene{define(chain({undoable(request("a")), request("b"), uncertain}))};
    scene.begin();
    scene.succeed("a");
    scene.succeed("b");
    scene.fail("c", "deadline_exceeded");
    scene.succeed("a~undo");
    scene.apply(Retry{});
    CHECK(scene.state("b") == "completed");
    CHECK(scene.step("c").generation == 1);
}

TEST_CASE("a run that fails once more undoes once more")
{
    Scene scene{define(chain({undoable(request("a")), request("b")}))};
    scene.begin();
    for (int round = 0; round < 3; ++round) {
        scene.succeed("a");
        scene.fail("b", "no_luck");
        CHECK(scene.step("a~undo").generation == round);
        CHECK(scene.step("a").generation == round);
        scene.succeed("a~undo");
        CHECK(scene.status() == "failed");
        scene.apply(Retry{});
    }
}

TEST_CASE("a retry reaches into composites and starts failed children anew")
{
    const ForEachStep loop{.items = {1, 2}, .steps = chain({undoable(request("a")), request("b")})};
    Scene scene{define(chain({with(request("each"), loop), child("sub", "other")}))};
    scene.begin();
    SUBCASE("the loop had not completed")
    {
        scene.succeed("each[0]/a");
        scene.succeed("each[0]/b");
        scene.succeed("each[1]/a");
        scene.fail("each[1]/b", "no_luck");
        scene.succeed("each[1]/a~undo");
        scene.succeed("each[0]/a~undo");
        scene.apply(Retry{});
        CHECK(scene.state("each") == "waiting");
        CHECK(scene.state("each[0]/a") == "ready");
        CHECK(scene.state("each[0]/b") == "completed");
        CHECK(scene.state("each[1]/b") == "pending");
        scene.succeed("each[0]/a");
        scene.succeed("each[1]/a");
        scene.succeed("each[1]/b");
        CHECK(scene.state("each") == "completed");
    }
    SUBCASE("the child failed")
    {
        for (const auto* path : {"each[0]/a", "each[0]/b", "each[1]/a", "each[1]/b"})
            scene.succeed(path);
        const auto first = *scene.step("sub").child;
        scene.apply(ChildEnded{"sub", first, {}, {"full", "", ""}});
        scene.succeed("each[1]/a~undo");
        scene.succeed("each[0]/a~undo");
        REQUIRE(scene.status() == "failed");
        scene.apply(Retry{});
        CHECK(scene.state("each") == "waiting");
        CHECK(scene.state("sub") == "pending");
        scene.succeed("each[0]/a");
        scene.succeed("each[1]/a");
        CHECK(scene.state("sub") == "waiting");
        CHECK(scene.step("sub").child != first);
        CHECK(scene.apply(ChildEnded{"sub", first, "1", {}}) == Outcome::stale);
    }
}

TEST_CASE("dead letters are replayed together or one by one")
{
    Scene scene{define({attempts(request("a"), 1, OnExhausted::dead_letter),
                        attempts(request("b"), 1, OnExhausted::dead_letter)})};
    scene.begin();
    CHECK(error_of([&] { scene.apply(Retry{}); }) == ErrorCode::conflict);
    CHECK(error_of([&] { scene.apply(Replay{"a", {}}); }) == ErrorCode::conflict);
    CHECK(error_of([&] { scene.apply(Replay{"nowhere", {}}); }) == ErrorCode::not_found);
    scene.fail("a", "unavailable");
    scene.fail("b", "unavailable");
    SUBCASE("all")
    {
        scene.apply(Retry{});
        CHECK(scene.state("a") == "ready");
        CHECK(scene.state("b") == "ready");
        CHECK(scene.status() == "running");
    }
    SUBCASE("one as it is")
    {
        scene.apply(Replay{"a", {}});
        CHECK(scene.state("a") == "ready");
        CHECK(scene.step("a").failures == 0);
        CHECK(scene.step("a").generation == 0);
        CHECK(scene.state("b") == "dead");
        CHECK(std::get<Work>(work_of(scene.run, "a")).payload == "{}");
    }
    SUBCASE("one with another input")
    {
        scene.apply(Replay{"a", R"({"mended":true})"});
        const auto work = std::get<Work>(work_of(scene.run, "a"));
        CHECK(work.payload == R"({"mended":true})");
        CHECK(work.idempotency_key.ends_with("/a/1"));
        scene.fail("a", "unavailable");
        CHECK(scene.state("a") == "dead");
    }
    SUBCASE("while the run is paused")
    {
        scene.apply(Pause{});
        scene.apply(Replay{"a", {}});
        CHECK(scene.state("a") == "held");
    }
}

TEST_CASE("a rerun does a step again, and all that depends on it, as new effects")
{
    auto steps = Scope{request("a"), undoable(request("b")), request("other"), request("c")};
    steps[1].after = {0};
    steps[3].after = {1};
    Scene scene{define(steps)};
    scene.begin();
    for (const auto* path : {"a", "b", "other", "c"})
        scene.succeed(path);
    REQUIRE(scene.status() == "completed");
    scene.apply(Rerun{"b"});
    CHECK(scene.status() == "running");
    CHECK_FALSE(scene.run.output);
    CHECK(scene.state("a") == "completed");
    CHECK(scene.state("other") == "completed");
    CHECK(scene.state("b") == "ready");
    CHECK(scene.step("b").generation == 1);
    CHECK_FALSE(scene.step("b").output);
    CHECK(scene.state("c") == "pending");
    CHECK(scene.step("c").generation == 1);
    scene.succeed("b");
    scene.succeed("c");
    CHECK(scene.status() == "completed");
}

TEST_CASE("a rerun inside a composite takes along the composite and what comes after it, not its neighbours")
{
    const ForEachStep loop{.items = {1, 2}, .steps = chain({request("a"), request("b")})};
    Scene scene{define(chain({with(request("each"), loop), request("end")}))};
    scene.begin();
    for (const auto* path : {"each[0]/a", "each[0]/b", "each[1]/a", "each[1]/b", "end"})
        scene.succeed(path);
    CHECK(error_of([&] { scene.apply(Rerun{"a"}); }) == ErrorCode::conflict);
    SUBCASE("one element")
    {
        scene.apply(Rerun{"each[1]/b"});
        CHECK(scene.state("each[0]/b") == "completed");
        CHECK(scene.state("each[1]/a") == "completed");
        CHECK(scene.state("each[1]/b") == "ready");
        CHECK(scene.state("each") == "waiting");
        CHECK(scene.state("end") == "pending");
        scene.succeed("each[1]/b", "2");
        CHECK(scene.step("each").output == "[1,2]");
    }
    SUBCASE("all of it")
    {
        scene.apply(Rerun{"each"});
        for (const auto* path : {"each[0]/a", "each[1]/a"})
            CHECK(scene.state(path) == "ready");
        CHECK(scene.state("each[0]/b") == "pending");
    }
}

TEST_CASE("a rerun may take another branch and other elements")
{
    const SwitchStep choice{
        .value = ref("/steps/a/output/way"), .cases = {{1, {request("x")}}}, .otherwise = {request("y")}};
    const ForEachStep loop{.items = ref("/steps/a/output/items"), .steps = {request("e")}};
    Scene scene{define(chain({request("a"), with(request("choice"), choice), with(request("each"), loop)}))};
    scene.begin();
    scene.succeed("a", R"({"way":1,"items":[1,2]})");
    scene.succeed("x");
    scene.succeed("each[0]/e");
    scene.succeed("each[1]/e");
    scene.apply(Rerun{"a"});
    scene.succeed("a", R"({"way":2,"items":[1]})");
    CHECK(scene.state("x") == "skipped");
    scene.succeed("y");
    CHECK(scene.state("each[1]/e") == "skipped");
    scene.succeed("each[0]/e", "9");
    CHECK(scene.run.output == "[9]");
    scene.apply(Rerun{"a"});
    scene.succeed("a", R"({"way":1,"items":[1,2]})");
    scene.succeed("x");
    CHECK(scene.state("y") == "skipped");
    scene.succeed("each[0]/e");
    scene.succeed("each[1]/e");
    CHECK(scene.status() == "completed");
}

TEST_CASE("a rerun of a run that was stopped takes back what was given up")
{
    Scene scene{define({request("a"), request("b"), undoable(request("c"))})};
    scene.begin();
    scene.succeed("a");
    scene.succeed("c");
    scene.apply(Cancel{});
    scene.claim("c~undo");
    scene.apply(Terminate{});
    CHECK(error_of([&] { scene.apply(Retry{}); }) == ErrorCode::conflict);
    scene.apply(Rerun{"a"});
    CHECK(scene.state("a") == "ready");
    CHECK(scene.state("b") == "ready");
    CHECK(scene.step("b").generation == 0);
    CHECK(scene.state("c") == "completed");
    CHECK(scene.state("c~undo") == "pending");
    CHECK(scene.apply(AttemptSucceeded{"c~undo", 1, "1"}) == Outcome::stale);
    scene.fail("a", "no_luck");
    scene.claim("c~undo");
    CHECK(scene.step("c~undo").attempt == 2);
}

TEST_CASE("what can't be done again")
{
    Scene scene{define(chain({request("a"), request("b")}))};
    scene.begin();
    CHECK(error_of([&] { scene.apply(Rerun{"a"}); }) == ErrorCode::conflict);
    scene.fail("a", "no_luck");
    CHECK(error_of([&] { scene.apply(Rerun{"nowhere"}); }) == ErrorCode::not_found);
    CHECK(error_of([&] { scene.apply(Rerun{"b"}); }) == ErrorCode::conflict);
    CHECK(error_of([&] { scene.apply(Rerun{"a~undo"}); }) == ErrorCode::not_found);
    CHECK(error_of([&] { scene.apply(Cancel{}); }) == ErrorCode::conflict);
    CHECK(error_of([&] { scene.apply(SignalReceived{{"1", "go", "1"}}); }) == ErrorCode::conflict);
    CHECK(scene.status() == "failed");
    SUBCASE("a child")
    {
        scene.run.parent = Parent{lintel::core::Id::generate(), "sub"};
        CHECK(error_of([&] { scene.apply(Retry{}); }) == ErrorCode::conflict);
        CHECK(error_of([&] { scene.apply(Rerun{"a"}); }) == ErrorCode::conflict);
        CHECK(scene.status() == "failed");
    }
}
