// Definitions and the keys under which they are stored, on a real Postgres.

#include <doctest/doctest.h>

#include "definition_service.hpp"
#include "engine_fixture.hpp"

using namespace lintel;
using namespace lintel::workflows;

namespace {

struct Definitions {
    contracts::DefinitionCreated create(const char* step, const std::string& key = {})
    {
        auto document = definition("d", {{{"name", step}, {"sleep", {{"for", "1s"}}}}});
        document.erase("version");
        return core::sync_wait(
            service.create(telemetry::Context::start(10s), {core::dump_json(document)}, key));
    }

    Database database;
    telemetry::Metrics metrics;
    core::IoThreads threads{1};
    storage::Pool pool{threads.executor(), metrics, {.url = database.url()}};
    DefinitionService service{pool, {}};
};

}  // namespace

TEST_CASE("a request that is repeated stores one version of a definition, and is told so twice")
{
    Definitions definitions;
    const auto first = definitions.create("a", "k");
    CHECK(first.version == 1);
    CHECK_FALSE(first.is_existing);
    CHECK(definitions.create("b").version == 2);
    const auto again = definitions.create("a", "k");
    CHECK(again.id == first.id);
    CHECK(again.version == 1);
    CHECK(again.is_replay);
    CHECK_FALSE(again.is_existing);
    CHECK_THROWS_AS(definitions.create("c", "k"), core::Error);
    CHECK(definitions.create("a").version == 3);
}

TEST_CASE("what is there already is no replay, with a key or without")
{
    Definitions definitions;
    const auto first = definitions.create("a");
    for (const auto* key : {"", "k", "k"}) {
        const auto again = definitions.create("a", key);
        CHECK(again.id == first.id);
        CHECK(again.is_existing);
        CHECK_FALSE(again.is_replay);
    }
}
