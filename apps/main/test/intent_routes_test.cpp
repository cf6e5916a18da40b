// What has been promised, whoever has promised it: main's own as the process has it, the others' as they
// answer.
#include <doctest/doctest.h>

#include "lintel/contracts/deliveries_endpoints.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"
#include "lintel/contracts/main_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/messaging/client.hpp"
#include "main_process.hpp"
#include "worker_fixture.hpp"

using namespace lintel;
using namespace std::chrono_literals;
using main::test::MainProcess;
using main::test::Worker;
using nlohmann::json;

namespace {

const core::Id kId = *core::Id::parse("019a9f5e-6f21-7d10-8a44-c20b9e6f7710");
const std::string kRetry = "/v1/intents/" + kId.to_string() + "/retry";

contracts::Intent intent(contracts::IntentState state)
{
    contracts::Intent one;
    one.id = kId;
    one.subject = "workflows.signal";
    one.state = state;
    one.attempts = 1;
    return one;
}

/// A promise of main's own that was refused, to somebody who is not there.
void refuse_one(const MainProcess& main)
{
    main.sql(
        "INSERT INTO intents (id, subject, payload, idempotency_key, resource_id, state, attempts, "
        "next_attempt_at, last_error, created_at) VALUES ('" +
        kId.to_string() +
        "', 'workflows.create', '{}', 'k', gen_random_uuid(), 'failed', 3, now(), 'invalid: no', now())");
}

}  // namespace

TEST_CASE("the intents of a worker set are listed and retried by asking it")
{
    const MainProcess main({});
    Worker worker(main.nats.url());
    worker.answers<contracts::InventoryIntentsList>([](const contracts::IntentList&) {
        contracts::IntentPage page;
        page.items.push_back(intent(contracts::IntentState::failed));
        page.next_page_token = "t";
        return page;
    });
    worker.answers<contracts::DeliveriesIntentsRetry>([](const contracts::IntentRetry& asked) {
        if (asked.id != kId) throw core::Error(core::ErrorCode::not_found, "there is no such intent");
        return intent(contracts::IntentState::pending);
    });
    worker.start();

    const auto page = main.ask("GET", "/v1/intents?service=inventory&state=failed&pageSize=7&pageToken=t");
    CHECK(page.status == 200);
    CHECK(page.body.at("items").at(0).at("id") == kId.to_string());
    CHECK(page.body.at("nextPageToken") == "t");
    CHECK(worker.asked("inventory.intents.list").at(0).document ==
          json{{"state", "failed"}, {"pageSize", 7}, {"pageToken", "t"}});

    const auto again = main.ask("POST", kRetry + "?service=deliveries");
    CHECK(again.status == 200);
    CHECK(again.body.at("state") == "pending");
    CHECK(worker.asked("deliveries.intents.retry").at(0).document == json{{"id", kId.to_string()}});
    const auto other = core::Id::generate().to_string();
    CHECK(main.ask("POST", "/v1/intents/" + other + "/retry?service=deliveries").status == 404);

    CHECK(main.ask("GET", "/v1/intents?service=deliveries").body.at("code") == "unavailable");
    CHECK(main.ask("POST", kRetry + "?service=inventory").status == 503);
    CHECK(main.ask("GET", "/v1/intents?service=customers").status == 422);
    CHECK(main.ask("POST", kRetry + "?service=x").status == 422);
    CHECK(main.ask("POST", kRetry + "?state=failed").status == 422);
}

TEST_CASE("main's own intents are listed and retried also while nobody else is there, over REST and NATS")
{
    const MainProcess main({});
    refuse_one(main);
    for (const char* query : {"", "?state=failed", "?service=main"}) {
        const auto page = main.ask("GET", std::string("/v1/intents") + query);
        REQUIRE(page.body.at("items").size() == 1);
        CHECK(page.body.at("items").at(0).at("lastError") == "invalid: no");
        CHECK(page.body.at("items").at(0).at("nextAttemptAt").is_null());
    }
    CHECK(main.ask("GET", "/v1/intents?state=pending").body.at("items").empty());

    core::IoThreads threads{1};
    telemetry::Metrics metrics;
    messaging::Connection connection(threads.executor(), metrics, {.url = main.nats.url()});
    messaging::Client client(connection);
    REQUIRE(testing::eventually(10s, [&] { return connection.is_connected(); }));
    const auto soon = telemetry::Context::start(10s);
    CHECK(core::sync_wait(client.call<contracts::MainIntentsList>(soon, {})).items.size() == 1);
    const contracts::IntentRetry unknown{core::Id::generate()};
    CHECK_THROWS_AS(core::sync_wait(client.call<contracts::MainIntentsRetry>(soon, unknown)), core::Error);

    const auto again = main.ask("POST", kRetry);
    CHECK(again.status == 200);
    CHECK(again.body.at("state") == "pending");
    CHECK(again.body.at("attempts") == 3);
    CHECK(testing::eventually(10s, [&] {
        return main.sql("SELECT state || ' ' || (attempts > 3) FROM intents") == "pending true";
    }));
    CHECK(main.ask("POST", "/v1/intents/" + unknown.id.to_string() + "/retry").status == 404);
}
