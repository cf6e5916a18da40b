// The point of no return.
#include <doctest/doctest.h>

#include "builder.hpp"
#include "scene.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;
using lintel::core::ErrorCode;

namespace {

/// Goods are reserved, handed over, which is the pivot, and paid.
Scene sale()
{
    return Scene{define(chain({undoable(request("reserve")), wait_for("wanted", "go"),
                               pivot(request("hand-over")), request("bill")}))};
}

/// Up to the pivot.
Scene wanted()
{
    auto scene = sale();
    scene.begin();
    scene.succeed("reserve");
    scene.signal("1", "go");
    return scene;
}

}  // namespace

TEST_CASE("a run is cancelled until its pivot has begun")
{
    auto early = sale();
    early.begin();
    early.succeed("reserve");
    CHECK(early.apply(Cancel{}) == Outcome::applied);
    CHECK(early.state("reserve~undo") == "ready");

    for (const auto* state : {"ready", "claimed", "scheduled", "held", "completed"}) {
        CAPTURE(state);
        auto late = wanted();
        if (state == std::string("claimed")) late.claim("hand-over");
        if (state == std::string("scheduled")) late.fail("hand-over", "unavailable");
        if (state == std::string("held")) late.apply(Pause{});
        if (state == std::string("completed")) late.succeed("hand-over");
        CHECK(late.state("hand-over") == state);
        CHECK(error_of([&] { late.apply(Cancel{}); }) == ErrorCode::conflict);
        CHECK(late.run.ending == Ending::none);
        CHECK(late.apply(Terminate{}) == Outcome::applied);
    }
}

TEST_CASE("a pivot that fails leaves nothing done")
{
    auto scene = wanted();
    scene.fail("hand-over", "no_luck");
    CHECK(scene.status() == "compensating");
    scene.succeed("reserve~undo");
    CHECK(scene.status() == "failed");
}

TEST_CASE("a pivot that is given up can be cancelled when it surely did nothing, and only then")
{
    auto steps = chain({undoable(request("reserve")),
                        pivot(attempts(request("hand-over"), 1, OnExhausted::dead_letter)), request("bill")});
    for (const auto* code : {"unavailable", "deadline_exceeded"}) {
        CAPTURE(code);
        Scene scene{define(steps)};
        scene.begin();
        scene.succeed("reserve");
        scene.fail("hand-over", code);
        CHECK(scene.state("hand-over") == "dead");
        if (code == std::string("unavailable")) {
            CHECK(scene.apply(Cancel{}) == Outcome::applied);
            CHECK(scene.state("reserve~undo") == "ready");
        } else {
            CHECK(error_of([&] { scene.apply(Cancel{}); }) == ErrorCode::conflict);
        }
    }
}

TEST_CASE("what fails after the pivot is a dead letter, and goes on once it is mended")
{
    auto scene = wanted();
    scene.succeed("hand-over");
    scene.fail("bill", "conflict");
    CHECK(scene.state("bill") == "dead");
    CHECK(scene.step("bill").error == StepError{"conflict", "said so", "bill"});
    CHECK(scene.status() == "waiting");
    CHECK(scene.history().back() == "step.dead");
    CHECK(error_of([&] { scene.apply(Cancel{}); }) == ErrorCode::conflict);
    scene.apply(Replay{"bill", R"({"account":"another"})"});
    scene.succeed("bill");
    CHECK(scene.status() == "completed");
}

TEST_CASE("while a pivot is under way what fails beside it waits; it is given up when the pivot fails")
{
    auto steps = Scope{undoable(request("reserve")), pivot(request("hand-over")), request("tell")};
    steps[1].after = {0};
    steps[2].after = {0};
    Scene scene{define(steps)};
    scene.begin();
    scene.succeed("reserve");
    scene.claim("hand-over");
    scene.fail("tell", "no_luck");
    CHECK(scene.state("tell") == "dead");
    scene.apply(AttemptFailed{"hand-over", scene.step("hand-over").attempt, {"no_luck", "said so", {}, {}}});
    CHECK(scene.state("tell") == "cancelled");
    CHECK(scene.state("reserve~undo") == "ready");
}

TEST_CASE("nothing is undone after the pivot, not even for an output that leads nowhere")
{
    auto definition = define(chain({undoable(request("reserve")), pivot(request("hand-over"))}));
    definition->output = ref("/steps/hand-over/output/price");
    Scene scene{definition};
    scene.begin();
    scene.succeed("reserve");
    scene.succeed("hand-over");
    CHECK(scene.status() == "failed");
    CHECK(scene.state("reserve~undo") == "absent");
}

TEST_CASE("a sleep of no time is undone whatever fails after it")
{
    Scene scene{define(chain({undoable(sleep_for("begun", milliseconds{0})), request("first")}))};
    scene.begin();
    CHECK(scene.state("begun") == "completed");
    SUBCASE("the first step")
    {
        scene.fail("first", "not_found");
    }
    SUBCASE("nothing, and it is cancelled")
    {
        scene.apply(Cancel{});
    }
    CHECK(scene.state("begun~undo") == "ready");
    scene.apply(Pause{});
    scene.apply(Resume{});
    CHECK(scene.state("begun~undo") == "ready");
    scene.claim("begun~undo");
    CHECK(std::get<Work>(work_of(scene.run, "begun~undo")).subject == "undo.begun");
    scene.apply(AttemptSucceeded{"begun~undo", scene.step("begun~undo").attempt, "1"});
    CHECK(is_final(scene.run.status));
}
