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
