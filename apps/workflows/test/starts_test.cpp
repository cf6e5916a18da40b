// What a start is answered when it meets another, or itself.

#include <future>

#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;
using contracts::ConflictPolicy;

namespace {

contracts::WorkflowStart start_of(const std::string& definition, ConflictPolicy conflict)
{
    contracts::WorkflowStart request;
    request.definition = definition;
    request.input = "{}";
    request.key = "k";
    request.conflict = conflict;
    return request;
}

}  // namespace

TEST_CASE("a start that met another run is answered the same when it is repeated")
{
    World world;
    Replica replica(world);
    replica.define(definition("one", {request_step("a")}));
    const auto first = replica.start("one", json::object(), "k").id;
    for (int round = 0; round < 2; ++round) {
        CAPTURE(round);
        const auto fails = start_of("one", ConflictPolicy::fail);
        CHECK_THROWS_WITH_AS(
            core::sync_wait(replica.workflows.start(soon(), fails, "r1")),
            ("'one' has been started with the key 'k' before, as workflow " + first.to_string()).c_str(),
            core::Error);
        const auto uses = start_of("one", ConflictPolicy::use_existing);
        CHECK(core::sync_wait(replica.workflows.start(soon(), uses, "r2")).id == first);
    }
}
