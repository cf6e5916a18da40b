// The rules and the SQL of this service on a real Postgres.

#include "workflow_service.hpp"

#include <doctest/doctest.h>

#include <future>
#include <map>
#include <set>

#include "engine_fixture.hpp"
#include "housekeeping.hpp"
#include "lintel/workflows/sql/queries.hpp"

using namespace lintel;
using namespace std::chrono_literals;
using contracts::Workflow;

namespace {

/// Starts workflows and works on none: the engine has no lease, and no broker.
struct Fixture {
    workflows::Database database;
    core::IoThreads threads;
    telemetry::Metrics metrics;
    storage::Pool pool{threads.executor(), metrics, {.url = database.url()}};
    messaging::Connection connection{threads.executor(), metrics, {.url = "nats://127.0.0.1:1"}};
    messaging::Client client{connection};
    workflows::Engine engine{threads.executor(), pool, client, metrics, {}};
    workflows::WorkflowRepository repository{pool};
    workflows::WorkflowService service{repository, engine, threads.executor(), {}};

    ~Fixture() { core::sync_wait(engine.stop(core::Deadline::after(10s))); }

    static telemetry::Context context() { return telemetry::Context::start(10s); }

    Workflow create(contracts::BuildingReference building, const std::string& key = {},
                    std::string what = "onboarding")
    {
        contracts::WorkflowCreate request;
        request.name = std::move(what);
        request.building_id = std::move(building);
        return core::sync_wait(service.create(context(), request, key));
    }
    core::ErrorCode refusal(contracts::BuildingReference building, const std::string& key)
    {
        try {
            create(std::move(building), key);
        } catch (const core::Error& error) {
            return error.code();
        }
        return core::ErrorCode::internal;
    }

    struct Start {
        contracts::WorkflowStart request;
        std::string idempotency_key;
        core::Id id;
        std::optional<core::ErrorCode> error{};
    };
    /// Sixty starts before the first is answered.
    template <typename Make>
    std::vector<Start> start_together(Make make)
    {
        std::vector<Start> starts;
        for (int number = 0; number < 60; ++number)
            starts.push_back(make(number));
        std::atomic<std::size_t> left = starts.size();
        std::promise<void> done;
        const auto ask = [&](Start& start) -> core::Task<void> {
            try {
                const auto made = co_await service.start(context(), start.request, start.idempotency_key);
                start.id = made.id;
            } catch (const core::Error& error) {
                start.error = error.code();
            }
            if (--left == 0) done.set_value();
        };
        for (auto& start : starts)
            core::spawn(ask(start));
        REQUIRE(done.get_future().wait_for(20s) == std::future_status::ready);
        return starts;
    }
    std::string count() const { return database.query("SELECT count(*) FROM workflows"); }
};

}  // namespace

TEST_CASE("every query is accepted by the migrated schema")
{
    const Fixture fixture;
    CHECK_NOTHROW(storage::prepare_all(fixture.database.url(), workflows::sql::all_queries));
}

TEST_CASE("the caller's building comes back as it came")
{
    Fixture fixture;
    const auto integer = fixture.create(std::int64_t{17});
    const auto text = fixture.create("17");
    const auto extreme = fixture.create(std::numeric_limits<std::int64_t>::min());
    for (const auto& made : {integer, text, extreme})
        CHECK(core::sync_wait(fixture.service.get(Fixture::context(), made.id)) == made);

    contracts::WorkflowList of_seventeen;
    of_seventeen.building_id = std::int64_t{17};
    const auto page = core::sync_wait(fixture.service.list(Fixture::context(), of_seventeen));
    CHECK(page.items == std::vector<contracts::WorkflowItem>{text, integer});
}

TEST_CASE("a key starts one workflow, however often and from wherever it is asked")
{
    Fixture fixture;
    std::mutex mutex;
    std::set<core::Id> started;
    std::atomic<int> left = 50;
    std::promise<void> done;
    contracts::WorkflowCreate request;
    request.name = "onboarding";
    request.building_id = "b1";
    const auto ask = [&]() -> core::Task<void> {
        const auto workflow = co_await fixture.service.create(Fixture::context(), request, "key");
        {
            std::lock_guard lock(mutex);
            started.insert(workflow.id);
        }
        if (--left == 0) done.set_value();
    };
    for (int i = 0; i < 50; ++i)
        core::spawn(ask());
    REQUIRE(done.get_future().wait_for(20s) == std::future_status::ready);
    CHECK(started.size() == 1);
    CHECK(fixture.count() == "1");
}

TEST_CASE("without a key every request starts a workflow")
{
    Fixture fixture;
    CHECK(fixture.create("b1").id != fixture.create("b1").id);
    CHECK(fixture.count() == "2");
}

TEST_CASE("a key that was used with another request is refused")
{
    Fixture fixture;
    fixture.create("b1", "key");
    CHECK(fixture.refusal("b2", "key") == core::ErrorCode::invalid);
    CHECK(fixture.refusal(std::int64_t{1}, "key") == core::ErrorCode::invalid);
    CHECK(fixture.count() == "1");
}

TEST_CASE("one key on several starts at the same time: one of them has it, and nobody else is harmed")
{
    Fixture fixture;
    const auto starts = fixture.start_together([](int number) {
        Fixture::Start start;
        start.request.definition = "building-onboarding";
        start.request.input = R"({"buildingId":"b"})";
        // Every other one is somebody else's. The first goes alone, and those that come meanwhile together.
        if (number % 2 == 0) return start;
        start.request.key = "run " + std::to_string(number);
        start.idempotency_key = "key";
        return start;
    });
    std::map<core::ErrorCode, int> refused;
    std::set<core::Id> own;
    std::set<core::Id> others;
    for (int number = 0; const auto& start : starts) {
        if (start.error)
            ++refused[*start.error];
        else
            (number % 2 == 0 ? others : own).insert(start.id);
        ++number;
    }
    CHECK(others.size() == 30);
    REQUIRE(own.size() == 1);
    CHECK(refused == std::map<core::ErrorCode, int>{{core::ErrorCode::invalid, 29}});
    CHECK(fixture.count() == "31");
    CHECK(fixture.database.query("SELECT count(*) FROM run_keys") == "1");
    const auto guarded = fixture.database.query("SELECT resource_id FROM idempotency_keys WHERE key = 'key'");
    CHECK(own.begin()->to_string() == guarded);
}

TEST_CASE("a key outlives its workflow: what was removed is not started again")
{
    Fixture fixture;
    fixture.create("b1", "key");
    fixture.database.query("DELETE FROM workflows");
    CHECK(fixture.refusal("b1", "key") == core::ErrorCode::conflict);
    CHECK(fixture.count() == "0");
}

TEST_CASE("keys are forgotten after their time")
{
    Fixture fixture;
    workflows::WorkflowService forgetful(fixture.repository, fixture.engine, fixture.threads.executor(),
                                         {.key_ttl = -1ms});
    contracts::WorkflowCreate request;
    request.name = "onboarding";
    request.building_id = "b1";
    const auto first = core::sync_wait(forgetful.create(Fixture::context(), request, "key"));
    const auto second = core::sync_wait(forgetful.create(Fixture::context(), request, "key"));
    CHECK(first.id != second.id);
    workflows::Housekeeping housekeeping(fixture.pool, {});
    core::sync_wait(housekeeping.run(Fixture::context()));
    CHECK(fixture.database.query("SELECT count(*) FROM idempotency_keys") == "0");
}

TEST_CASE("pages neither repeat nor skip, also while workflows are started")
{
    Fixture fixture;
    std::set<core::Id> made;
    for (int i = 0; i < 25; ++i)
        made.insert(fixture.create("b1").id);
    contracts::WorkflowList request;
    request.building_id = "b1";
    request.page_size = 10;
    std::set<core::Id> seen;
    std::size_t count = 0;
    do {
        const auto page = core::sync_wait(fixture.service.list(Fixture::context(), request));
        for (const auto& workflow : page.items)
            seen.insert(workflow.id);
        count += page.items.size();
        request.page_token = page.next_page_token;
        fixture.create("b1");
    } while (request.page_token);
    CHECK(count == 25);
    CHECK(seen == made);
}

TEST_CASE("a page of large workflows fits into a message, and no page is empty")
{
    Fixture fixture;
    contracts::WorkflowCreate request;
    request.name = "onboarding";
    request.building_id = "b1";
    request.attributes = R"({"text":")" + std::string(16'000, 'x') + R"("})";
    request.metadata = request.attributes;
    for (int i = 0; i < 201; ++i)
        core::sync_wait(fixture.service.create(Fixture::context(), request, {}));
    const auto pages_of = [&](core::PageLimits limits) {
        const workflows::WorkflowService::Options options{.pages = limits};
        workflows::WorkflowService service(fixture.repository, fixture.engine, fixture.threads.executor(),
                                           options);
        contracts::WorkflowList list;
        list.page_size = 200;
        std::set<core::Id> seen;
        std::size_t pages = 0;
        do {
            const auto page = core::sync_wait(service.list(Fixture::context(), list));
            CHECK(!page.items.empty());
            CHECK(page.items.size() <= limits.items);
            if (page.items.size() > 1) CHECK(contracts::to_json(page).size() <= limits.bytes);
            for (const auto& workflow : page.items)
                seen.insert(workflow.id);
            list.page_token = page.next_page_token;
            ++pages;
        } while (list.page_token);
        CHECK(seen.size() == 201);
        return pages;
    };
    CHECK(pages_of({}) == 7);
    CHECK(pages_of({.items = 20}) == 11);
    CHECK(pages_of({.bytes = 1000}) == 201);
}

TEST_CASE("a page token is good for its own filters only")
{
    Fixture fixture;
    fixture.create("b1");
    fixture.create("b1");
    contracts::WorkflowList request;
    request.page_size = 1;
    const auto page = core::sync_wait(fixture.service.list(Fixture::context(), request));
    REQUIRE(page.next_page_token);
    request.page_token = page.next_page_token;
    request.name = "onboarding";
    CHECK_THROWS_AS(core::sync_wait(fixture.service.list(Fixture::context(), request)), core::Error);
}

TEST_CASE("who waits for a result is let go when the process stops")
{
    Fixture f;
    contracts::WorkflowResultGet asked;
    asked.id = f.create(7).id;
    asked.wait = 30s;
    const auto wait = [&] {
        return core::sync_wait(f.service.result(telemetry::Context::start(30s), asked)).status;
    };
    auto waits = std::async(std::launch::async, wait);
    f.service.end_waits();
    CHECK(waits.wait_for(15s) == std::future_status::ready);
    CHECK(waits.get() == contracts::WorkflowStatus::running);
    CHECK(wait() == contracts::WorkflowStatus::running);
}

TEST_CASE("an unknown workflow is not found")
{
    Fixture fixture;
    CHECK_THROWS_AS(core::sync_wait(fixture.service.get(Fixture::context(), core::Id::generate())),
                    core::Error);
}

TEST_CASE("what ended long ago is removed with all that belongs to it; its key stays for its own time")
{
    Fixture fixture;
    const auto kept = fixture.create("kept");
    const auto old = fixture.create("old");
    const auto query = [&](const std::string& text) { return fixture.database.query(text); };
    query("UPDATE workflows SET status = 'completed', finished_at = now() - interval '2 days' WHERE id = '" +
          old.id.to_string() + "'");
    query("INSERT INTO run_keys SELECT 'd', building_id, id, now() - interval '2 days' FROM workflows");
    const auto run = [&](std::chrono::milliseconds key_ttl) {
        workflows::Housekeeping housekeeping(fixture.pool, {.retention = 24h, .key_ttl = key_ttl});
        core::sync_wait(housekeeping.run(Fixture::context()));
    };
    run(72h);
    CHECK(query("SELECT building_id FROM workflows") == "kept");
    CHECK(query("SELECT count(DISTINCT run_id) FROM steps") == "1");
    CHECK(query("SELECT count(DISTINCT run_id) FROM history") == "1");
    CHECK(query("SELECT count(*) FROM run_keys") == "2");
    run(24h);
    CHECK(query("SELECT key FROM run_keys") == "kept");
}
