#include <doctest/doctest.h>

#include "builder.hpp"
#include "scene.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;
using Strings = std::vector<std::string>;
using nlohmann::json;

TEST_CASE("steps begin one after the other and the run completes with the last output")
{
    Scene scene{define(chain({request("a"), emit("b"), request("c")}))};
    scene.begin();
    CHECK(scene.state("a") == "ready");
    CHECK(scene.state("b") == "absent");
    scene.succeed("a");
    CHECK(scene.state("b") == "ready");
    scene.succeed("b", "null");
    scene.succeed("c", R"({"x":1})");
    CHECK(scene.status() == "completed");
    CHECK(scene.run.output == R"({"x":1})");
    CHECK(scene.history() ==
          Strings{"run.started", "step.completed", "step.completed", "step.completed", "run.completed"});
    CHECK(scene.step("c").completed_as == 3);
    CHECK(scene.step("c").is_changed);
}

TEST_CASE("a step begins once all it comes after are settled")
{
    auto steps = Scope{request("a"), request("b"), request("c")};
    steps[2].after = {0, 1};
    Scene scene{define(steps)};
    scene.begin();
    CHECK(scene.state("b") == "ready");
    scene.succeed("b");
    CHECK(scene.state("c") == "absent");
    scene.succeed("a");
    CHECK(scene.state("c") == "ready");
}

TEST_CASE("a run without steps completes at once")
{
    Scene scene{define({})};
    scene.begin();
    CHECK(scene.status() == "completed");
    CHECK(scene.run.output == "null");
}

TEST_CASE("the output is what the definition says; one that leads nowhere fails the run and undoes it")
{
    auto definition = define({undoable(request("a"))});
    definition->output = json{{"got", ref("/steps/a/output/x")}};
    Scene scene{definition};
    scene.begin();
    SUBCASE("resolved")
    {
        scene.succeed("a", R"({"x":7})");
        CHECK(scene.run.output == R"({"got":7})");
    }
    SUBCASE("not there")
    {
        scene.succeed("a", "{}");
        CHECK(scene.status() == "compensating");
        scene.succeed("a~undo");
        CHECK(scene.status() == "failed");
        CHECK(scene.run.error->code == "invalid");
        CHECK_FALSE(scene.run.output);
    }
}

TEST_CASE("a sleep ends when it is due and not before")
{
    Scene scene{define({sleep_for("nap", milliseconds{1000})})};
    scene.begin();
    CHECK(scene.state("nap") == "scheduled");
    CHECK(scene.status() == "waiting");
    scene.pass(milliseconds{999});
    CHECK(scene.fire("nap") == Outcome::stale);
    scene.pass(milliseconds{1});
    CHECK(scene.fire("nap") == Outcome::applied);
    CHECK(scene.fire("nap") == Outcome::stale);
    CHECK(scene.status() == "completed");
}

TEST_CASE("a sleep until a time")
{
    struct Case {
        std::string input, status;
    };
    for (const auto& [input, status] : {
             Case{R"({"at":"2026-11-20T09:00:00Z"})", "waiting"},
             Case{R"({"at":"2026-11-20T08:00:00Z"})", "completed"},
             Case{R"({"at":"1999-01-01T00:00:00Z"})", "completed"},
             Case{R"({"at":"tomorrow"})", "failed"},
             Case{R"({"at":5})", "failed"},
             Case{R"({})", "failed"},
         }) {
        CAPTURE(input);
        Scene scene{define({with(request("nap"), SleepStep{.duration = {}, .until = ref("/input/at")})}),
                    input};
        scene.begin();
        CHECK(scene.status() == status);
        if (status == "failed") CHECK(scene.run.error->code == "invalid");
    }
}

TEST_CASE("a signal is taken once, in the order in which they came")
{
    Scene scene{define(chain({wait_for("first", "go"), wait_for("second", "go")}))};
    scene.run.signals.push_back({"1", "go", R"("one")"});
    scene.begin();
    CHECK(scene.step("first").output == R"("one")");
    CHECK(scene.state("second") == "waiting");
    CHECK(scene.signal("2", "stop") == Outcome::applied);
    CHECK(scene.signal("2", "stop") == Outcome::stale);
    CHECK(scene.state("second") == "waiting");
    CHECK(scene.signal("3", "go", R"("two")") == Outcome::applied);
    CHECK(scene.step("second").output == R"("two")");
    CHECK(scene.effects.taken_signals ==
          std::vector<std::pair<std::string, std::string>>{{"1", "first"}, {"3", "second"}});
    CHECK(scene.run.signals == std::vector<Signal>{{"2", "stop", "null"}});
    CHECK(error_of([&] { scene.signal("4", "go"); }) == lintel::core::ErrorCode::conflict);
}

TEST_CASE("the step that has waited longest takes the signal")
{
    auto late = wait_for("a", "go");
    late.after = {0};
    Scene scene{define({request("x"), late, wait_for("z", "go")})};
    scene.begin();
    scene.pass(milliseconds{5});
    scene.succeed("x");
    scene.signal("1", "go");
    CHECK(scene.state("z") == "completed");
    CHECK(scene.state("a") == "waiting");
}

TEST_CASE("a run holds only so many signals")
{
    Scene scene{define({wait_for("a", "go")})};
    scene.moment.limits.signals = 1;
    scene.begin();
    scene.signal("1", "other");
    CHECK(error_of([&] { scene.signal("2", "other"); }) == lintel::core::ErrorCode::rate_limited);
    CHECK(scene.run.signals.size() == 1);
    CHECK(scene.signal("3", "go") == Outcome::applied);
}

TEST_CASE("waiting for a signal has an end")
{
    for (const bool continues : {true, false}) {
        CAPTURE(continues);
        const SignalStep kind{
            .signal = "go", .timeout = milliseconds{100}, .continues_on_timeout = continues};
        Scene scene{define({with(request("a"), kind)})};
        scene.begin();
        CHECK(scene.fire("a") == Outcome::stale);
        scene.pass(milliseconds{100});
        CHECK(scene.fire("a") == Outcome::applied);
        CHECK(scene.status() == (continues ? "completed" : "failed"));
        if (!continues) CHECK(scene.run.error->code == "deadline_exceeded");
    }
}

namespace {

Step switch_on(const std::string& pointer, bool has_otherwise = true)
{
    SwitchStep choice{.value = ref(pointer),
                      .cases = {{"x", chain({request("x1"), request("x2")})}, {"y", {request("y1")}}},
                      .otherwise = {}};
    if (has_otherwise) choice.otherwise = {request("o1")};
    return with(request("choice"), choice);
}

}  // namespace

TEST_CASE("a switch runs one branch and skips the others")
{
    Scene scene{define(chain({switch_on("/input/v"), request("end")})), R"({"v":"x"})"};
    scene.begin();
    CHECK(scene.state("choice") == "waiting");
    CHECK(scene.state("x1") == "ready");
    CHECK(scene.state("y1") == "skipped");
    CHECK(scene.state("o1") == "skipped");
    scene.succeed("x1");
    CHECK(scene.state("end") == "absent");
    scene.succeed("x2");
    CHECK(scene.step("choice").output == "0");
    CHECK(scene.state("end") == "ready");
}

TEST_CASE("a switch without a case that fits")
{
    Scene scene{define(chain({switch_on("/input/v", false), request("end")})), R"({"v":"z"})"};
    scene.begin();
    CHECK(scene.step("choice").output == "null");
    CHECK(scene.state("x1") == "skipped");
    CHECK(scene.state("x2") == "skipped");
    CHECK(scene.state("end") == "ready");
}

TEST_CASE("a reference to a skipped step leads nowhere")
{
    auto end = request("end");
    end.input = ref("/steps/y1/output");
    Scene scene{define(chain({switch_on("/input/v"), end})), R"({"v":"z"})"};
    scene.begin();
    scene.succeed("o1");
    const auto work = work_of(scene.run, "end");
    REQUIRE(std::holds_alternative<StepError>(work));
    CHECK(std::get<StepError>(work).code == "invalid");
}

namespace {

Step for_each(std::size_t max_concurrency, Scope steps)
{
    const ForEachStep loop{
        .items = ref("/input/items"), .max_concurrency = max_concurrency, .steps = std::move(steps)};
    return with(request("each"), loop);
}

}  // namespace

TEST_CASE("a forEach runs its steps for each element, so many at once, and collects the last outputs")
{
    Scene scene{define(chain({for_each(2, chain({request("a"), request("b")})), request("end")})),
                R"({"items":[10,20,30]})"};
    scene.begin();
    CHECK(scene.state("each[0]/a") == "ready");
    CHECK(scene.state("each[1]/a") == "ready");
    CHECK(scene.state("each[2]/a") == "absent");
    scene.succeed("each[1]/a");
    CHECK(scene.state("each[2]/a") == "absent");
    scene.succeed("each[1]/b", R"("one")");
    CHECK(scene.state("each[2]/a") == "ready");
    scene.succeed("each[0]/a");
    scene.succeed("each[0]/b", R"("zero")");
    scene.succeed("each[2]/a");
    scene.succeed("each[2]/b", R"("two")");
    CHECK(scene.step("each").output == R"(["zero","one","two"])");
    CHECK(scene.state("end") == "ready");
}

TEST_CASE("what a forEach can't run over")
{
    struct Case {
        std::string input, status;
    };
    for (const auto& [input, status] : {
             Case{R"({"items":[]})", "completed"},
             Case{R"({"items":[1,2,3]})", "running"},
             Case{R"({"items":[1,2,3,4]})", "failed"},
             Case{R"({"items":{"a":1}})", "failed"},
             Case{R"({})", "failed"},
         }) {
        CAPTURE(input);
        Scene scene{define({for_each(0, {request("a")})}), input};
        scene.moment.limits.items = 3;
        scene.begin();
        CHECK(scene.status() == status);
        if (status == "failed") CHECK(scene.run.error->code == "invalid");
        if (status == "completed") CHECK(scene.run.output == "[]");
    }
}

TEST_CASE("a forEach in a forEach, and a switch inside")
{
    const ForEachStep inner{.items = ref("/item"), .max_concurrency = 1, .steps = {request("leaf")}};
    Scene scene{define({for_each(0, {with(request("inner"), inner)})}), R"({"items":[[1,2],[3]]})"};
    scene.begin();
    CHECK(scene.state("each[0]/inner[0]/leaf") == "ready");
    CHECK(scene.state("each[1]/inner[0]/leaf") == "ready");
    scene.succeed("each[0]/inner[0]/leaf", "1");
    scene.succeed("each[0]/inner[1]/leaf", "2");
    scene.succeed("each[1]/inner[0]/leaf", "3");
    CHECK(scene.run.output == "[[1,2],[3]]");
}

TEST_CASE("a child is started under an id that never changes, and ends its step once")
{
    auto step = child("sub", "other");
    step.input = {{"v", ref("/input/v")}};
    Scene scene{define({step}), R"({"v":5})"};
    scene.begin();
    const auto id = lintel::core::Id::derive(scene.run.id, "sub/0");
    REQUIRE(scene.commands<StartChild>().size() == 1);
    CHECK(scene.commands<StartChild>().front() ==
          StartChild{id, {scene.run.id, "sub"}, "other", 0, R"({"v":5})"});
    CHECK(scene.status() == "waiting");
    CHECK(scene.apply(ChildEnded{"sub", scene.run.id, "1", {}}) == Outcome::stale);
    SUBCASE("completed")
    {
        CHECK(scene.apply(ChildEnded{"sub", id, R"("done")", {}}) == Outcome::applied);
        CHECK(scene.apply(ChildEnded{"sub", id, R"("done")", {}}) == Outcome::stale);
        CHECK(scene.run.output == R"("done")");
    }
    SUBCASE("failed")
    {
        CHECK(scene.apply(ChildEnded{"sub", id, {}, {"full", "no room", "inner"}}) == Outcome::applied);
        CHECK(scene.run.error == StepError{"full", "no room", "sub"});
        CHECK(scene.status() == "failed");
    }
}

TEST_CASE("a run that was started by another tells it how it ended")
{
    Scene scene{define({request("a")})};
    const Parent parent{lintel::core::Id::generate(), "sub"};
    scene.run.parent = parent;
    scene.begin();
    SUBCASE("completed")
    {
        scene.succeed("a", "5");
        REQUIRE(scene.commands<TellParent>().size() == 1);
        CHECK(scene.commands<TellParent>()[0].ended.output == "5");
    }
    SUBCASE("failed")
    {
        scene.fail("a", "no_luck");
        REQUIRE(scene.commands<TellParent>().size() == 1);
        const auto told = scene.commands<TellParent>()[0];
        CHECK(told.parent == parent);
        CHECK(told.ended.child == scene.run.id);
        CHECK_FALSE(told.ended.output);
        CHECK(told.ended.error.code == "no_luck");
    }
    SUBCASE("cancelled")
    {
        scene.claim("a");
        scene.apply(Cancel{"enough"});
        REQUIRE(scene.commands<TellParent>().empty());
        scene.succeed("a");
        CHECK(scene.commands<TellParent>()[0].ended.error == StepError{"cancelled", "enough", ""});
    }
    SUBCASE("terminated")
    {
        scene.apply(Terminate{"enough"});
        CHECK(scene.commands<TellParent>()[0].ended.error == StepError{"terminated", "enough", ""});
    }
}
