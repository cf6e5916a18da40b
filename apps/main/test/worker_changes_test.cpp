// The keys under which a worker set is asked for changes, over a real broker.
#include <doctest/doctest.h>

#include <atomic>
#include <future>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "worker_fixture.hpp"

using namespace lintel;
using namespace std::chrono_literals;
using main::test::Rest;

namespace {

const std::string kStart = R"({"definition":"report"})";

contracts::WorkflowStarted started()
{
    contracts::WorkflowStarted one;
    one.id = core::Id::generate();
    one.name = one.definition = "report";
    one.version = 1;
    one.input = "{}";
    return one;
}

}  // namespace

TEST_CASE("a change that meets a worker that hangs is asked for again under the same key")
{
    Rest rest;
    std::atomic<int> attempts = 0;
    std::promise<void> second;
    auto is_asked_again = second.get_future();
    rest.worker.answers<contracts::WorkflowsStart>([&](const contracts::WorkflowStart&) {
        // The first hangs until there is a second, which finds what the first has done.
        const auto attempt = ++attempts;
        if (attempt == 1) is_asked_again.wait_for(20s);
        if (attempt == 2) second.set_value();
        auto answer = started();
        answer.is_replay = true;
        return answer;
    });
    rest.start();

    const auto answer = rest.post("/v1/workflows", kStart);
    CHECK(answer.status == 201);
    CHECK(answer.header("Idempotency-Replayed").empty());
    const auto asked = rest.worker.asked("workflows.start");
    REQUIRE(asked.size() >= 2);
    CHECK(asked.at(0).idempotency_key.starts_with("request/"));
    CHECK(asked.at(1).idempotency_key == asked.at(0).idempotency_key);

    rest.post("/v1/workflows", kStart);
    CHECK(rest.worker.asked("workflows.start").back().idempotency_key != asked.at(0).idempotency_key);
}

TEST_CASE("no client has a key under which main asks for what it has promised")
{
    Rest rest;
    rest.worker.answers<contracts::WorkflowsStart>([](const auto&) { return started(); });
    rest.start();
    const auto promised = "building-onboarding/" + rest.building.id.to_string();
    rest.post("/v1/workflows", kStart, "Idempotency-Key: " + promised + "\r\n");
    const auto key = rest.worker.asked("workflows.start").at(0).idempotency_key;
    CHECK(key != promised);
    CHECK(key.starts_with("client/"));
}

TEST_CASE("a change that takes long, or keeps no key, is sent once")
{
    Rest rest;
    rest.worker.answers<contracts::WorkflowsBulk>(
        [](const auto&) { return contracts::WorkflowBulkResult{}; });
    rest.start();
    CHECK(rest.post("/v1/workflows/bulk", R"({"action":"pause","filter":{"status":"running"}})").status ==
          200);
    CHECK(rest.worker.asked("workflows.bulk").at(0).idempotency_key.empty());
}
