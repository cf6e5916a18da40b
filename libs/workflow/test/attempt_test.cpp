#include <doctest/doctest.h>

#include "builder.hpp"
#include "scene.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;

TEST_CASE("which errors are worth another attempt, and which leave the outcome unknown")
{
    struct Case {
        std::string code;
        bool is_worth, is_unknown;
    };
    for (const auto& [code, is_worth, is_unknown] : {
             Case{"rate_limited", true, false},
             Case{"unavailable", true, false},
             Case{"deadline_exceeded", true, true},
             Case{"internal", true, true},
             Case{"malformed", false, false},
             Case{"invalid", false, false},
             Case{"unauthenticated", false, false},
             Case{"forbidden", false, false},
             Case{"not_found", false, false},
             Case{"method_not_allowed", false, false},
             Case{"conflict", false, false},
             Case{"precondition", false, false},
             Case{"too_large", false, false},
             Case{"headers_too_large", false, false},
             Case{"unsupported_media", false, false},
             Case{"out_of_stock", false, false},
             Case{"", false, false},
         }) {
        CAPTURE(code);
        CHECK(is_worth_retrying(code) == is_worth);
        CHECK(leaves_outcome_unknown(code) == is_unknown);
        Scene scene{define({request("a")})};
        scene.begin();
        scene.fail("a", code);
        CHECK(scene.state("a") == (is_worth ? "scheduled" : "failed"));
        CHECK(scene.status() == (is_worth ? "running" : "failed"));
        CHECK(scene.step("a").is_uncertain == is_unknown);
    }
}

TEST_CASE("waits grow up to a maximum and are made shorter by chance")
{
    RetryPolicy policy{.initial_interval = milliseconds{100},
                       .backoff_coefficient = 3,
                       .maximum_interval = milliseconds{1000},
                       .jitter = 0.5};
    struct Case {
        std::int64_t failures;
        double chance;
        std::int64_t wait;
    };
    for (const auto& [failures, chance, wait] :
         {Case{1, 0, 100}, Case{2, 0, 300}, Case{3, 0, 900}, Case{4, 0, 1000}, Case{5000, 0, 1000},
          Case{1, 0.5, 75}, Case{4, 0.5, 750}, Case{0, 0, 100}}) {
        CAPTURE(failures);
        CHECK(retry_delay(policy, failures, chance).count() == wait);
    }
    policy.initial_interval = milliseconds{0};
    CHECK(retry_delay(policy, 5000, 0).count() == 0);
}

TEST_CASE("a retry waits, counts, and is never early")
{
    Scene scene{define({attempts(request("a"), 3)})};
    scene.begin();
    scene.fail("a", "unavailable");
    CHECK(scene.step("a").failures == 1);
    CHECK(scene.step("a").due_at == scene.moment.now + milliseconds{1000});
    scene.pass(milliseconds{999});
    CHECK(scene.fire("a") == Outcome::stale);
    scene.pass(milliseconds{1});
    CHECK(scene.fire("a") == Outcome::applied);
    CHECK(scene.state("a") == "ready");
    CHECK_FALSE(scene.step("a").due_at);
    scene.fail("a", "unavailable");
    scene.pass(milliseconds{2000});
    scene.fire("a");
    SUBCASE("succeeds at last")
    {
        scene.succeed("a");
        CHECK(scene.status() == "completed");
        CHECK(scene.step("a").attempt == 3);
    }
    SUBCASE("is used up")
    {
        scene.fail("a", "unavailable");
        CHECK(scene.status() == "failed");
        CHECK(scene.run.error == StepError{"unavailable", "said so", "a"});
    }
}

TEST_CASE("a code that the policy excludes ends the step at once")
{
    auto step = request("a");
    step.retry.non_retryable = {"unavailable"};
    Scene scene{define({step})};
    scene.begin();
    scene.fail("a", "unavailable");
    CHECK(scene.status() == "failed");
}

TEST_CASE("a step that cannot be done may leave a dead letter")
{
    Scene scene{define({attempts(request("a"), 1, OnExhausted::dead_letter)})};
    scene.begin();
    SUBCASE("its attempts are used up")
    {
        scene.fail("a", "unavailable");
    }
    SUBCASE("its peer refuses its input")
    {
        scene.fail("a", "invalid");
    }
    CHECK(scene.state("a") == "dead");
    CHECK(scene.status() == "waiting");
}

TEST_CASE("a step that may have had an effect is not given up: what would undo it needs to know")
{
    Scene scene{define({attempts(undoable(request("a")), 1)})};
    scene.begin();
    SUBCASE("its outcome is unknown")
    {
        scene.fail("a", "deadline_exceeded");
        CHECK(scene.state("a") == "dead");
    }
    SUBCASE("nothing has happened")
    {
        scene.fail("a", "unavailable");
        CHECK(scene.status() == "failed");
    }
}

TEST_CASE("outcomes of another attempt, or of none, are stale")
{
    Scene scene{define({request("a")})};
    scene.begin();
    const auto check_all_stale = [&](std::int64_t attempt) {
        const auto before = scene.run.steps;
        const auto told = scene.effects.history.size();
        CHECK(scene.apply(AttemptSucceeded{"a", attempt, "1"}) == Outcome::stale);
        CHECK(scene.apply(AttemptFailed{"a", attempt, {"invalid", "", ""}}) == Outcome::stale);
        CHECK(scene.apply(LeaseLost{"a", attempt}) == Outcome::stale);
        CHECK(scene.apply(HandedBack{"a", attempt}) == Outcome::stale);
        CHECK(scene.apply(AttemptSucceeded{"nowhere", attempt, "1"}) == Outcome::stale);
        CHECK(scene.apply(TimerFired{"nowhere"}) == Outcome::stale);
        CHECK(scene.run.steps == before);
        CHECK(scene.effects.history.size() == told);
    };
    check_all_stale(0);
    scene.claim("a");
    check_all_stale(0);
    check_all_stale(2);
    scene.lose("a");
    check_all_stale(1);
    scene.succeed("a");
    check_all_stale(2);
    CHECK(scene.step("a").attempt == 2);
}

TEST_CASE("lost leases are repeated until the step is taken for poison")
{
    Scene scene{define({request("a")})};
    scene.moment.limits.lease_losses = 3;
    scene.begin();
    scene.lose("a");
    CHECK(scene.state("a") == "ready");
    CHECK(scene.step("a").is_uncertain);
    scene.lose("a");
    scene.lose("a");
    CHECK(scene.state("a") == "dead");
    CHECK(scene.step("a").lease_losses == 3);
    CHECK(scene.step("a").failures == 0);
    CHECK(scene.status() == "waiting");
}

TEST_CASE("work that is handed back counts for nothing")
{
    for (const bool was_sent : {true, false}) {
        Scene scene{define({attempts(request("a"), 1)})};
        scene.begin();
        for (int i = 0; i < 10; ++i) {
            scene.claim("a");
            CHECK(scene.apply(HandedBack{"a", scene.step("a").attempt, was_sent}) == Outcome::applied);
        }
        CHECK(scene.state("a") == "ready");
        CHECK(scene.step("a").failures == 0);
        CHECK(scene.step("a").lease_losses == 0);
        CHECK(scene.step("a").is_uncertain == was_sent);
    }
}

TEST_CASE("what a worker is to do")
{
    auto step = undoable(request("a"));
    step.input = {{"item", ref("/item")},
                  {"n", ref("/index")},
                  {"first", ref("/steps/first/output")},
                  {"key", ref("/workflow/key")},
                  {"id", ref("/workflow/id")}};
    step.compensate->input = {{"was", ref("/steps/a/output")}, {"item", ref("/item")}};
    const ForEachStep loop{.items = ref("/input/items"), .steps = chain({step, emit("told")})};
    Scene scene{define(chain({request("first"), with(request("each"), loop)})), R"({"items":["p","q"]})"};
    scene.run.key = "K";
    scene.begin();
    scene.succeed("first", R"("one")");
    const auto id = scene.run.id.to_string();

    const auto work = std::get<Work>(work_of(scene.run, "each[1]/a"));
    CHECK(work.subject == "test.a");
    CHECK(nlohmann::json::parse(work.payload) ==
          nlohmann::json{{"item", "q"}, {"n", 1}, {"first", "one"}, {"key", "K"}, {"id", id}});
    CHECK(work.idempotency_key == id + "/each[1]/a/0");
    CHECK(work.timeout == milliseconds{5000});
    CHECK_FALSE(work.is_event);

    scene.succeed("each[1]/a", R"("done")");
    CHECK(std::get<Work>(work_of(scene.run, "each[1]/told")).is_event);
    scene.fail("each[0]/a", "no_luck");
    const auto undo = std::get<Work>(work_of(scene.run, "each[1]/a~undo"));
    CHECK(undo.subject == "undo.a");
    CHECK(nlohmann::json::parse(undo.payload) == nlohmann::json{{"was", "done"}, {"item", "q"}});
    CHECK(undo.idempotency_key == id + "/each[1]/a~undo/0");
    CHECK(undo.timeout == milliseconds{1000});
}

TEST_CASE("a template that leads nowhere fails the step")
{
    auto step = request("a");
    step.input = ref("/input/missing");
    Scene scene{define({step})};
    scene.begin();
    scene.claim("a");
    const auto work = work_of(scene.run, "a");
    REQUIRE(std::holds_alternative<StepError>(work));
    scene.apply(AttemptFailed{"a", 1, std::get<StepError>(work)});
    CHECK(scene.status() == "failed");
    CHECK(scene.run.error->code == "invalid");
    CHECK(scene.run.error->step == "a");
    CHECK(std::holds_alternative<StepError>(work_of(scene.run, "nowhere")));
}

TEST_CASE("a compensation sees why the run ends")
{
    auto step = undoable(request("a"));
    const nlohmann::json nothing = nullptr;
    step.compensate->input = {{"failure", ref("/failure")},
                              {"step", {{"$ref", "/failure/step"}, {"default", nothing}}}};
    Scene scene{define(chain({step, request("b")}))};
    scene.begin();
    scene.succeed("a");
    scene.claim("b");
    SUBCASE("a step failed")
    {
        scene.apply(AttemptFailed{"b", 1, {"conflict", "too little", {}, {{"/lines/0", "3 are there"}}}});
        CHECK(nlohmann::json::parse(std::get<Work>(work_of(scene.run, "a~undo")).payload) ==
              nlohmann::json::parse(R"({"step": "b", "failure": {"status": "failed", "step": "b",
                  "code": "conflict", "message": "too little",
                  "errors": [{"pointer": "/lines/0", "detail": "3 are there"}]}})"));
    }
    SUBCASE("it was cancelled, with a reason")
    {
        scene.apply(Cancel{"changed my mind"});
        scene.succeed("b");
        CHECK(nlohmann::json::parse(std::get<Work>(work_of(scene.run, "a~undo")).payload) ==
              nlohmann::json::parse(
                  R"({"step": null, "failure": {"status": "cancelled", "reason": "changed my mind"}})"));
    }
    SUBCASE("it was cancelled")
    {
        scene.apply(Cancel{});
        scene.succeed("b");
        CHECK(nlohmann::json::parse(std::get<Work>(work_of(scene.run, "a~undo")).payload) ==
              nlohmann::json::parse(R"({"step": null, "failure": {"status": "cancelled"}})"));
    }
}
