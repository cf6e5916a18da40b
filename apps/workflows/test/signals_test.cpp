// As many signals may wait for a run as its limits say, and a refused one has not come.

#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

namespace {

json two_signals()
{
    return definition("open", {{{"name", "open"}, {"signal", {{"name", "open"}}}},
                               {{"name", "go"}, {"signal", {{"name", "go"}}}}});
}

std::string noise(int number)
{
    return "INSERT INTO signals (run_id, id, name, payload, received_at) "
           "SELECT id, 'n' || number, 'noise', 'null', now() FROM workflows, generate_series(1, " +
           std::to_string(number) + ") AS number";
}

bool is_refused(Replica& replica, const core::Id& id)
{
    try {
        replica.signal(id, "late", "go", 1);
    } catch (const core::Error& error) {
        CHECK(error.code() == core::ErrorCode::rate_limited);
        return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a signal that finds no room is refused each time, and may come again")
{
    World world;
    Replica replica(world);
    replica.define(two_signals());
    replica.define(definition("deaf", {{{"name", "nap"}, {"sleep", {{"for", "1h"}}}}}));
    for (const auto* name : {"open", "deaf"}) {
        CAPTURE(name);
        world.database.query("TRUNCATE workflows, signals");
        const auto id = replica.start(name).id;
        world.database.query(noise(1000));
        CHECK(is_refused(replica, id));
        CHECK(is_refused(replica, id));
        CHECK(world.database.query("SELECT count(*) FROM signals") == "1000");
        world.database.query("DELETE FROM signals WHERE id = 'n1'");
        CHECK_FALSE(replica.signal(id, "late", "go", 1).is_duplicate);
        CHECK(replica.signal(id, "late", "go", 1).is_duplicate);
        CHECK(world.database.query("SELECT count(*) FROM signals WHERE id = 'late'") == "1");
    }
}

TEST_CASE("a signal that was taken in before the start finds its way, however many came since")
{
    World world;
    Replica replica(world);
    replica.define(two_signals());
    const auto id = replica.start("open", json::object(), "k").id;
    world.database.query(noise(1000));
    world.database.query(
        "INSERT INTO early_signals (definition, key, id, name, payload, received_at) "
        "VALUES ('open', 'k', 'early', 'go', '5', now())");
    REQUIRE(testing::eventually(
        10s, [&] { return world.database.query("SELECT count(*) FROM early_signals") == "0"; }));
    replica.signal(id, "o", "open");
    REQUIRE(replica.comes_to(id, WorkflowStatus::completed));
    CHECK(replica.output(id) == 5);
}
