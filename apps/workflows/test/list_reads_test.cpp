// What lists read of a table in which most workflows are completed, and few are in another status.

#include <doctest/doctest.h>

#include "engine_fixture.hpp"
#include "lintel/core/page_token.hpp"
#include "lintel/testing/reads.hpp"
#include "workflow_repository.hpp"

using namespace lintel;
using namespace lintel::workflows;

namespace {

using Ids = std::vector<core::Id>;
using Status = contracts::WorkflowStatus;

constexpr std::int64_t kPage = 10;
/// All workflows of one definition have more.
constexpr std::int64_t kFewBlocks = 250;

core::Id id(int number)
{
    return *core::Id::parse(testing::numbered_id(number));
}

struct Filled {
    /// Half of them are of definition a and half of b, and completed. The oldest are of c and otherwise; of
    /// a, thousands that are not quite as old have failed, and of b as many are running.
    Filled()
    {
        database.query(R"(
            ALTER TABLE workflows SET (autovacuum_enabled = off);
            CREATE VIEW runs AS
            SELECT n, CASE WHEN n < 10 THEN 'c' WHEN n % 2 = 1 THEN 'a' ELSE 'b' END AS definition,
                   CASE WHEN n < 10 THEN (ARRAY['pending', 'running', 'waiting', 'paused', 'failed', 'compensating',
                                                'cancelled', 'terminated', 'completed'])[n]
                        WHEN n > 9000 THEN 'completed'
                        WHEN n % 2 = 1 THEN 'failed'
                        ELSE 'running'
                   END AS status
            FROM generate_series(1, 60000) AS n;
            INSERT INTO workflows (id, version, name, status, definition, attributes, metadata, created_at, updated_at,
                                   finished_at)
            SELECT id(n), 1, definition, status, definition, '{}', '{}', now(), now(),
                   CASE WHEN status IN ('completed', 'failed', 'cancelled', 'terminated') THEN now() END
            FROM runs)");
    }

    Ids list(const contracts::WorkflowList& filter, const core::Id& before)
    {
        Ids ids;
        for (const auto& item :
             core::sync_wait(repository.list(telemetry::Context::start(20s), filter, before, kPage)))
            ids.push_back(item.id);
        return ids;
    }
    std::int64_t blocks(const contracts::WorkflowList& filter)
    {
        return reads.by([&] { list(filter, core::newest_id()); });
    }

    Database database;
    testing::Reads reads{database};
    core::IoThreads threads{1};
    telemetry::Metrics metrics;
    storage::Pool pool{threads.executor(), metrics, {.url = database.url(), .connections = 1}};
    WorkflowRepository repository{pool};
};

}  // namespace

TEST_CASE("a list of workflows reads its page, whichever status and definition is asked for")
{
    Filled filled;
    const std::vector<std::optional<Status>> statuses{
        std::nullopt,      Status::pending, Status::running,      Status::waiting,   Status::paused,
        Status::completed, Status::failed,  Status::compensating, Status::cancelled, Status::terminated};
    // Before, the planner takes all those conditions to leave a handful of rows, and sorts what it finds.
    filled.database.query("ANALYZE");
    for (const auto& status : statuses) {
        for (const auto* definition : {"", "a", "b", "c", "d"}) {
            contracts::WorkflowList filter;
            filter.status = status;
            if (*definition) filter.definition = definition;
            CAPTURE(contracts::to_json(filter));
            CHECK(filled.blocks(filter) < kFewBlocks);
        }
    }
}

TEST_CASE("what is found of a status is in its order, and goes on behind a page")
{
    Filled filled;
    contracts::WorkflowList filter;
    filter.status = Status::failed;
    CHECK(filled.list(filter, id(14)) == Ids{id(13), id(11), id(5)});
    filter.definition = "a";
    CHECK(filled.list(filter, id(14)) == Ids{id(13), id(11)});
    filter.status = Status::pending;
    CHECK(filled.list(filter, core::newest_id()).empty());
    filter.definition = "c";
    CHECK(filled.list(filter, core::newest_id()) == Ids{id(1)});
    filter.status.reset();
    CHECK(filled.list(filter, id(4)) == Ids{id(3), id(2), id(1)});
}
