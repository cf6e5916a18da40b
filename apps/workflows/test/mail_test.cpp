// Letters between workflows: none is given up while somebody is there, or still to come, for whom it is.

#include "command_text.hpp"
#include "engine_fixture.hpp"
#include "lintel/workflows/sql/queries.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::WorkflowStatus;

namespace {

/// As somebody left it who died `ago`; one of the future is on its way, and nobody comes by it.
core::Id leave(const World& world, const workflow::Command& command, const std::string& ago = "1 hour")
{
    const auto id = core::Id::generate();
    world.database.query("INSERT INTO mail (id, run_id, command, created_at) VALUES ('" + id.to_string() +
                         "', '" + recipient(command).to_string() + "', '" + to_text(command) +
                         "', now() - interval '" + ago + "')");
    return id;
}

std::string about(const World& world, const core::Id& letter, const std::string& what)
{
    return world.database.query("SELECT " + what + " FROM mail WHERE id = '" + letter.to_string() + "'");
}

bool is_gone(const World& world, const core::Id& letter)
{
    return testing::eventually(20s, [&] { return about(world, letter, "count(*)") == "0"; });
}

json waits(const std::string& name)
{
    return definition(name, {{{"name", "wait"}, {"signal", {{"name", "go"}}}}});
}

workflow::TellParent news_for(const core::Id& run, const core::Id& child)
{
    return {{run, "wait"}, {"wait", child, "1", {}}};
}

}  // namespace

TEST_CASE("the end of a child that has not been started waits for its start, however long that takes")
{
    World world;
    Replica replica(world);
    replica.define(waits("child"));
    const auto child = core::Id::generate();
    const workflow::StartChild asked{child, {core::Id::generate(), "kid"}, "child", 1, "{}"};
    const auto start = leave(world, asked, "-1 hour");
    const auto end = leave(world, workflow::EndChild{child, true});
    // Somebody has tried, and put it behind the others.
    REQUIRE(testing::eventually(
        20s, [&] { return about(world, end, "created_at > now() - interval '1 minute'") == "t"; }));
    world.database.query("UPDATE mail SET created_at = now() - interval '1 minute' WHERE id = '" +
                         start.to_string() + "'");
    CHECK(is_gone(world, start));
    CHECK(replica.comes_to(child, WorkflowStatus::terminated));
    CHECK(is_gone(world, end));
}

TEST_CASE("letters to nobody are removed")
{
    World world;
    Replica replica(world);
    const auto nobody = core::Id::generate();
    CHECK(is_gone(world, leave(world, workflow::EndChild{nobody, true})));
    CHECK(is_gone(world, leave(world, news_for(nobody, core::Id::generate()))));
    // A child that cannot be started, and whose parent is not there to be told.
    CHECK(is_gone(world,
                  leave(world, workflow::StartChild{core::Id::generate(), {nobody, "kid"}, "?", 1, "{}"})));
}

TEST_CASE("what could not be carried out, for whatever reason, is not given up")
{
    World world;
    Replica replica(world);
    replica.define(waits("parent"));
    const auto parent = replica.start("parent").id;
    const std::vector<core::Id> failed{leave(world, news_for(parent, core::Id::generate()), "-1 hour")};
    core::sync_wait(replica.pool.execute(soon(), sql::remove_undeliverable_mail, storage::array_of(failed)));
    CHECK(about(world, failed[0], "count(*)") == "1");
}
