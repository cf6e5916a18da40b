#include <doctest/doctest.h>

#include "builder.hpp"
#include "scene.hpp"

using namespace lintel::workflow;
using namespace lintel::workflow::test;

namespace {

Scene pending()
{
    Scene scene{define(chain({request("a"), request("b")}))};
    scene.run.is_pending = true;
    scene.begin();
    return scene;
}

}  // namespace

TEST_CASE("a run without room waits until it is admitted, and is so once")
{
    auto scene = pending();
    CHECK(scene.status() == "pending");
    CHECK(scene.state("a") == "absent");
    CHECK(scene.apply(Admit{}) == Outcome::applied);
    CHECK(scene.status() == "running");
    CHECK(scene.state("a") == "ready");
    CHECK(scene.apply(Admit{}) == Outcome::stale);
    CHECK(scene.history() == std::vector<std::string>{"run.queued", "run.started"});
}

TEST_CASE("what is done again waits for room again")
{
    auto definition = define(chain({request("a"), request("b")}));
    definition->limits.concurrency = 1;
    for (const Event& again : {Event(Retry{}), Event(Rerun{"b"})}) {
        Scene scene{definition};
        scene.begin();
        scene.succeed("a");
        scene.fail("b", "invalid");
        REQUIRE(scene.status() == "failed");
        scene.apply(again);
        CHECK(scene.status() == "pending");
        CHECK(scene.state("b") == "pending");
        auto unwanted = scene;
        unwanted.apply(Cancel{"not wanted"});
        CHECK(unwanted.status() == "cancelled");
        scene.apply(Admit{});
        CHECK(scene.status() == "running");
        CHECK(scene.state("a") == "completed");
        CHECK(scene.state("b") == "ready");
    }
}

TEST_CASE("a pending run can be cancelled and terminated: nothing was done")
{
    auto scene = pending();
    scene.apply(Cancel{"not wanted"});
    CHECK(scene.status() == "cancelled");
    CHECK(scene.apply(Admit{}) == Outcome::stale);
    auto other = pending();
    other.apply(Terminate{"at once"});
    CHECK(other.status() == "terminated");
}

TEST_CASE("a paused pending run is not admitted, and keeps its signals")
{
    auto scene = pending();
    scene.apply(Pause{});
    CHECK(scene.status() == "paused");
    CHECK(scene.apply(Admit{}) == Outcome::stale);
    CHECK(scene.signal("1", "go") == Outcome::applied);
    scene.apply(Resume{});
    CHECK(scene.status() == "pending");
    CHECK(scene.run.signals.size() == 1);
}
