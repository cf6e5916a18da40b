// What the database has done goes on, although it could not say so.

#include <algorithm>

#include "engine_fixture.hpp"
#include "lossy_way.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

namespace {

/// A claim whose answer was lost is found by a sweep, too, after ten seconds.
constexpr auto kSoonerThanTheSweep = 6s;

/// The answers of whose database may be lost.
struct LossyWorld : World {
    LossyWorld()
    {
        const auto port = ":" + std::to_string(testing::shared_postgres().port()) + "/";
        database_url.replace(database_url.find(port), port.size(), ":" + std::to_string(way.port()) + "/");
    }

    LossyWay way{testing::shared_postgres().port()};
};

int times(const std::vector<std::string>& history, const std::string& type)
{
    return static_cast<int>(std::count(history.begin(), history.end(), type));
}

}  // namespace

TEST_CASE("a start that was committed without an answer knows itself, and goes on with its steps")
{
    LossyWorld world;
    Replica replica(world);
    replica.define(definition("two", {request_step("a"), request_step("b")}));
    for (const std::string key : {"", "k"}) {
        CAPTURE(key);
        world.way.lose_answer_to(execution_of("start_runs"));
        const auto id = replica.start("two", json::object(), key).id;
        CHECK(world.way.has_lost());
        CHECK(replica.comes_to(id, WorkflowStatus::completed, kSoonerThanTheSweep));
        CHECK(times(replica.history(id), "run.started") == 1);
    }
    CHECK(world.database.query("SELECT count(*) FROM workflows") == "2");
    CHECK(world.requests("a") == 2);
    CHECK(world.requests("b") == 2);
}

TEST_CASE("an outcome that was committed without an answer is not recorded again, and its run goes on")
{
    LossyWorld world;
    Replica replica(world);
    replica.define(definition("two", {request_step("a"), request_step("b")}));
    REQUIRE(replica.comes_to(replica.start("two").id, WorkflowStatus::completed));
    // Once, the batch is sent again by itself; twice, its worker hears that nobody knows.
    for (const int times_lost : {1, 2}) {
        CAPTURE(times_lost);
        world.way.lose_answer_to("COMMIT", execution_of("lock_runs"), times_lost);
        const auto id = replica.start("two").id;
        CHECK(replica.comes_to(id, WorkflowStatus::completed, kSoonerThanTheSweep));
        CHECK(world.way.has_lost());
        CHECK(times(replica.history(id), "step.completed") == 2);
        CHECK(replica.stuck() == 0);
    }
    CHECK(world.requests("a") == 3);
    CHECK(world.requests("b") == 3);
}

TEST_CASE("a signal that was committed without an answer has come, and its run goes on")
{
    LossyWorld world;
    Replica replica(world);
    replica.define(definition("wait", {{{"name", "go"}, {"signal", {{"name", "go"}}}}, request_step("a")}));
    for (const std::string key : {"first", "second"}) {
        const auto id = replica.start("wait", json::object(), key).id;
        REQUIRE(replica.comes_to(id, WorkflowStatus::waiting));
        if (key == "second") world.way.lose_answer_to("COMMIT", execution_of("save_signals"));
        CHECK_FALSE(replica.signal(id, "1", "go").is_duplicate);
        CHECK(world.way.has_lost());
        CHECK(replica.comes_to(id, WorkflowStatus::completed, kSoonerThanTheSweep));
    }
    CHECK(world.requests("a") == 2);
}
