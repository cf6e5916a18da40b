#include <doctest/doctest.h>

#include <functional>

#include "builder.hpp"
#include "scene.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;

TEST_CASE("a paused run lets what is under way end and begins nothing")
{
    Scene scene{define(chain({request("a"), request("b")}))};
    scene.begin();
    scene.claim("a");
    CHECK(scene.apply(Pause{}) == Outcome::applied);
    CHECK(scene.apply(Pause{}) == Outcome::stale);
    CHECK(scene.status() == "paused");
    scene.succeed("a");
    CHECK(scene.state("b") == "held");
    CHECK(scene.status() == "paused");
    CHECK(scene.apply(Resume{}) == Outcome::applied);
    CHECK(scene.apply(Resume{}) == Outcome::stale);
    CHECK(scene.state("b") == "ready");
    CHECK(scene.status() == "running");
}

TEST_CASE("how attempts end while the run is paused")
{
    struct Case {
        std::string name, state, after_resume;
        std::function<void(Scene&)> end;
    };
    for (const auto& [name, state, after_resume, end] : {
             Case{"retry", "held", "scheduled", [](Scene& scene) { scene.fail("a", "unavailable"); }},
             Case{"lease", "held", "ready", [](Scene& scene) { scene.lose("a"); }},
             Case{"back", "held", "ready",
                  [](Scene& scene) {
                      scene.apply(HandedBack{"a", 1});
                  }},
             Case{"done", "completed", "completed", [](Scene& scene) { scene.succeed("a"); }},
         }) {
        CAPTURE(name);
        Scene scene{define({request("a"), request("b")})};
        scene.begin();
        scene.claim("a");
        scene.apply(Pause{});
        end(scene);
        CHECK(scene.state("a") == state);
        CHECK(scene.status() == "paused");
        scene.apply(Resume{});
        CHECK(scene.state("a") == after_resume);
    }
}

TEST_CASE("timers rest while a run is paused and keep their time")
{
    Scene scene{define({sleep_for("nap", milliseconds{100}), request("a")})};
    scene.begin();
    const auto due = scene.step("nap").due_at;
    scene.apply(Pause{});
    CHECK(scene.state("nap") == "held");
    scene.pass(milliseconds{50});
    scene.apply(Resume{});
    CHECK(scene.step("nap").due_at == due);
    CHECK(scene.state("nap") == "scheduled");
    scene.apply(Pause{});
    scene.pass(milliseconds{100});
    CHECK(scene.fire("nap") == Outcome::stale);
    scene.apply(Resume{});
    CHECK(scene.state("nap") == "completed");
}

TEST_CASE("signals that come while a run is paused are taken when it resumes")
{
    const SignalStep kind{.signal = "go", .timeout = milliseconds{10}, .continues_on_timeout = true};
    Scene scene{define({with(request("a"), kind), wait_for("b", "go")})};
    scene.begin();
    scene.apply(Pause{});
    scene.pass(milliseconds{20});
    scene.signal("1", "go", "7");
    CHECK(scene.state("a") == "held");
    scene.apply(Resume{});
    CHECK(scene.step("a").output == "7");
    CHECK(scene.state("b") == "waiting");
    CHECK(scene.fire("b") == Outcome::stale);
}

TEST_CASE("composites and children that have begun go on with what is inside when a run resumes")
{
    const ForEachStep loop{.items = {1, 2}, .max_concurrency = 1, .steps = {request("a")}};
    Scene scene{define(chain({with(request("each"), loop), child("sub", "other")}))};
    scene.begin();
    scene.claim("each[0]/a");
    scene.apply(Pause{});
    scene.succeed("each[0]/a");
    CHECK(scene.state("each") == "waiting");
    CHECK(scene.state("each[1]/a") == "held");
    scene.apply(Resume{});
    scene.claim("each[1]/a");
    scene.apply(Pause{});
    scene.succeed("each[1]/a");
    CHECK(scene.state("sub") == "held");
    CHECK(scene.commands<StartChild>().empty());
    scene.apply(Resume{});
    CHECK(scene.commands<StartChild>().size() == 1);
}

TEST_CASE("a paused run completes when nothing is left to begin")
{
    Scene scene{define({request("a")})};
    scene.begin();
    scene.claim("a");
    scene.apply(Pause{});
    scene.succeed("a");
    CHECK(scene.status() == "completed");
    CHECK_FALSE(scene.run.is_paused);
    CHECK(error_of([&] { scene.apply(Resume{}); }) == lintel::core::ErrorCode::conflict);
    CHECK(error_of([&] { scene.apply(Pause{}); }) == lintel::core::ErrorCode::conflict);
}

TEST_CASE("cancelling a paused run resumes it into winding down")
{
    Scene scene{define({undoable(request("a")), wait_for("s", "go"), request("busy")})};
    scene.begin();
    scene.succeed("a");
    scene.apply(Pause{});
    scene.signal("1", "go");
    scene.apply(Cancel{});
    CHECK(scene.status() == "compensating");
    CHECK(scene.state("s") == "cancelled");
    CHECK(scene.state("busy") == "cancelled");
    CHECK(scene.state("a~undo") == "ready");
    CHECK(scene.run.signals.size() == 1);
}

TEST_CASE("winding down can be paused")
{
    Scene scene{define({undoable(request("a")), undoable(request("b")), request("c")})};
    scene.begin();
    scene.succeed("a");
    scene.succeed("b");
    scene.fail("c", "no_luck");
    scene.apply(Pause{});
    CHECK(scene.state("b~undo") == "held");
    CHECK(scene.status() == "paused");
    SUBCASE("resumed")
    {
        CHECK(scene.apply(Resume{}) == Outcome::applied);
    }
    SUBCASE("cancelled")
    {
        CHECK(scene.apply(Cancel{}) == Outcome::applied);
    }
    CHECK(scene.status() == "compensating");
    scene.succeed("b~undo");
    scene.succeed("a~undo");
    CHECK(scene.status() == "failed");
}

TEST_CASE("a step that fails while the run is paused holds the compensation")
{
    Scene scene{define({undoable(request("a")), request("b")})};
    scene.begin();
    scene.succeed("a");
    scene.claim("b");
    scene.apply(Pause{});
    scene.fail("b", "no_luck");
    CHECK(scene.status() == "paused");
    CHECK(scene.state("a~undo") == "held");
    scene.apply(Resume{});
    CHECK(scene.state("a~undo") == "ready");
}
