// The keys under which a worker set is asked for changes, over a real broker.
#include <doctest/doctest.h>

#include <atomic>
#include <future>

#include "lintel/contracts/customers_endpoints.hpp"
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

contracts::Customer customer()
{
    contracts::Customer one;
    one.id = core::Id::generate();
    one.version = 1;
    one.name = "a";
    return one;
}

/// A worker that does not answer until it, or another, is asked once more.
class Hang {
public:
    void until_asked_again()
    {
        const auto attempt = ++attempts_;
        if (attempt == 1) is_asked_again_.wait_for(20s);
        if (attempt == 2) second_.set_value();
    }

private:
    std::atomic<int> attempts_ = 0;
    std::promise<void> second_;
    std::future<void> is_asked_again_ = second_.get_future();
};

/// All attempts of a request have one key, which main made for it.
void check_own_key(const std::vector<main::test::Asked>& attempts)
{
    REQUIRE(attempts.size() >= 2);
    CHECK(attempts.at(0).idempotency_key.starts_with("request/"));
    for (const auto& attempt : attempts)
        CHECK(attempt.idempotency_key == attempts.at(0).idempotency_key);
}

}  // namespace

TEST_CASE("a change that meets a worker that hangs is asked for again under the same key")
{
    Hang hang;
    Rest rest;
    rest.worker.answers<contracts::WorkflowsStart>([&](const contracts::WorkflowStart&) {
        // The second finds what the first has done.
        hang.until_asked_again();
        auto answer = started();
        answer.is_replay = true;
        return answer;
    });
    rest.start();

    const auto answer = rest.post("/v1/workflows", kStart);
    CHECK(answer.status == 201);
    CHECK(answer.header("Idempotency-Replayed").empty());
    const auto asked = rest.worker.asked("workflows.start");
    check_own_key(asked);
    rest.post("/v1/workflows", kStart);
    CHECK(rest.worker.asked("workflows.start").back().idempotency_key != asked.at(0).idempotency_key);
}

TEST_CASE("so is a patch, and a deletion")
{
    Hang patch;
    Hang removal;
    Rest rest;
    rest.worker.answers<contracts::CustomersUpdate>([&](const auto&) {
        patch.until_asked_again();
        return customer();
    });
    rest.worker.answers<contracts::CustomersDelete>([&](const auto&) {
        removal.until_asked_again();
        return customer();
    });
    rest.start();
    const auto path = "/v1/customers/" + core::Id::generate().to_string();
    CHECK(rest.ask("PATCH", path, R"({"name":"a"})", "If-Match: \"1\"\r\n").status == 200);
    check_own_key(rest.worker.asked("customers.update"));
    CHECK(rest.ask("DELETE", path).status == 204);
    check_own_key(rest.worker.asked("customers.delete"));
}

TEST_CASE("and a new definition, under the client's key when it has one")
{
    Hang hang;
    Rest rest;
    rest.worker.answers<contracts::DefinitionsCreate>([&](const contracts::DefinitionCreate& asked) {
        hang.until_asked_again();
        contracts::DefinitionCreated created;
        created.name = "report";
        created.version = 1;
        created.document = asked.document;
        created.is_replay = true;
        return created;
    });
    rest.start();
    const auto first = rest.post("/v1/workflow-definitions", R"({"name":"report"})");
    CHECK(first.status == 201);
    CHECK(first.header("Idempotency-Replayed").empty());
    check_own_key(rest.worker.asked("definitions.create"));
    const auto again =
        rest.post("/v1/workflow-definitions", R"({"name":"report"})", "Idempotency-Key: k\r\n");
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(rest.worker.asked("definitions.create").back().idempotency_key == "k");
}

TEST_CASE("a worker that hangs while a result is waited for costs no more than the wait")
{
    std::atomic<bool> is_answered = false;
    std::promise<void> second;
    auto is_asked_again = second.get_future();
    Rest rest;
    rest.worker.answers<contracts::WorkflowsResult>([&](const contracts::WorkflowResultGet& asked) {
        contracts::WorkflowResult result;
        result.id = asked.id;
        result.status = contracts::WorkflowStatus::running;
        if (asked.wait)
            is_asked_again.wait_for(20s);
        else if (!is_answered.exchange(true))
            second.set_value();
        return result;
    });
    rest.start();
    const auto result = "/v1/workflows/" + core::Id::generate().to_string() + "/result";
    const auto answer = rest.get(result + "?wait=100ms");
    CHECK(answer.status == 200);
    CHECK(answer.body.at("status") == "running");
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

TEST_CASE("a change that takes long is sent once")
{
    Rest rest;
    rest.worker.answers<contracts::WorkflowsBulk>(
        [](const auto&) { return contracts::WorkflowBulkResult{}; });
    rest.start();
    CHECK(rest.post("/v1/workflows/bulk", R"({"action":"pause","filter":{"status":"running"}})").status ==
          200);
    CHECK(rest.worker.asked("workflows.bulk").at(0).idempotency_key.empty());
}
