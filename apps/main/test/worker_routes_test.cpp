// Main's routes to the worker set over a real broker: what reaches a worker, and what the client is answered.
#include <doctest/doctest.h>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "worker_fixture.hpp"

using namespace lintel;
using namespace std::chrono_literals;
using main::test::Rest;
using nlohmann::json;

namespace {

const core::Id kId = *core::Id::parse("019a9f5e-6f21-7d10-8a44-c20b9e6f7710");
const std::string kWorkflow = "/v1/workflows/" + kId.to_string();

/// A workflow, or one of the types that say more about one.
template <typename T = contracts::Workflow>
T workflow(core::Id id = kId)
{
    T one;
    one.id = id;
    one.name = one.definition = "report";
    one.version = 7;
    one.input = R"({"a":1})";
    return one;
}

core::Id id_of(const core::Id& id)
{
    return id;
}

core::Id id_of(const std::optional<core::Id>& id)
{
    return id.value();
}

template <typename Endpoint>
void expect_action(Rest& rest)
{
    rest.worker.answers<Endpoint>(
        [](const auto& asked) { return workflow<contracts::WorkflowChanged>(id_of(asked.id)); });
}

}  // namespace

TEST_CASE("a start answers with the workflow and where it is, and carries the caller's key")
{
    Rest rest;
    rest.worker.answers<contracts::WorkflowsStart>([](const contracts::WorkflowStart& asked) {
        auto started = workflow<contracts::WorkflowStarted>();
        started.key = asked.key;
        started.is_existing = asked.conflict == contracts::ConflictPolicy::use_existing;
        started.is_replay = asked.key == "again";
        if (asked.key == "taken")
            throw core::Error(core::ErrorCode::conflict, "report has a run with the key taken");
        return started;
    });
    rest.start();

    const auto fresh = rest.post("/v1/workflows", R"({"definition":"report","input":{"a":1}})",
                                 "Idempotency-Key: \"k-1\"\r\n");
    CHECK(fresh.status == 201);
    CHECK(fresh.header("Location") == kWorkflow);
    CHECK(fresh.header("ETag") == "\"7\"");
    CHECK(fresh.header("Idempotency-Replayed").empty());
    CHECK(fresh.body.at("input") == json{{"a", 1}});
    CHECK_FALSE(fresh.body.contains("isReplay"));
    CHECK_FALSE(fresh.body.contains("isExisting"));
    CHECK(rest.worker.asked("workflows.start").at(0).idempotency_key == "k-1");

    const auto again =
        rest.post("/v1/workflows", R"({"definition":"report","key":"again"})", "Idempotency-Key: k-2\r\n");
    CHECK(again.status == 201);
    CHECK(again.header("Idempotency-Replayed") == "true");

    const auto existing = rest.post("/v1/workflows", R"({"definition":"report","conflict":"useExisting"})");
    CHECK(existing.status == 200);
    CHECK(existing.header("Location").empty());

    const auto taken = rest.post("/v1/workflows", R"({"definition":"report","key":"taken"})");
    CHECK(taken.status == 409);
    CHECK(taken.body.at("code") == "conflict");
    CHECK(taken.body.at("detail") == "report has a run with the key taken");
    CHECK(rest.worker.asked("workflows.start").size() == 4);
}

TEST_CASE("what breaks a schema is refused here, with every fault, and no worker is asked")
{
    Rest rest;
    rest.worker.answers<contracts::WorkflowsBulk>(
        [](const auto&) { return contracts::WorkflowBulkResult{}; });
    rest.start();
    const auto pointers = [&](const auto& answer) {
        CHECK(answer.status == 422);
        std::string all;
        for (const auto& fault : answer.body.at("errors"))
            all += fault.at("pointer").template get<std::string>() + " ";
        return all;
    };
    CHECK(pointers(rest.post("/v1/workflows/bulk", R"({"action":"cancel","filter":{}})")) == "/filter ");
    CHECK(pointers(rest.post("/v1/workflows", R"({"input":[],"priority":9})")) ==
          "/definition /input /priority ");
    CHECK(pointers(rest.post(kWorkflow + "/pause", R"({"reason":"x"})")) == " ");
    CHECK(pointers(rest.get("/v1/workflows?attributes=%5B%5D&createdAfter=now")) ==
          "/attributes /createdAfter ");
    CHECK(rest.post(kWorkflow + "/rerun").status == 400);
    CHECK(rest.post("/v1/workflows/bulk", R"({"action":"pause","filter":{"status":"running"}})",
                    "Idempotency-Key: a b\r\n")
              .status == 400);
    CHECK(rest.worker.asked("workflows.bulk").empty());
}

TEST_CASE("actions name their workflow and say what the body says")
{
    Rest rest;
    expect_action<contracts::WorkflowsCancel>(rest);
    expect_action<contracts::WorkflowsTerminate>(rest);
    expect_action<contracts::WorkflowsPause>(rest);
    expect_action<contracts::WorkflowsResume>(rest);
    expect_action<contracts::WorkflowsRetry>(rest);
    expect_action<contracts::WorkflowsRerun>(rest);
    expect_action<contracts::WorkflowsReplay>(rest);
    rest.start();
    const std::string id = kId.to_string();
    const auto asked = [&](const std::string& path, const std::string& body, const std::string& subject) {
        const auto answer = rest.post(path, body, "Idempotency-Key: once\r\n");
        CHECK(answer.status == 200);
        CHECK(answer.header("ETag") == "\"7\"");
        CHECK(answer.body.at("id") == id);
        CHECK_FALSE(answer.body.contains("isReplay"));
        CHECK(rest.worker.asked(subject).back().idempotency_key == "once");
        return rest.worker.asked(subject).back().document;
    };
    CHECK(asked(kWorkflow + "/cancel", "", "workflows.cancel") == json{{"id", id}});
    CHECK(asked(kWorkflow + "/terminate", R"({"reason":"no"})", "workflows.terminate") ==
          json{{"id", id}, {"reason", "no"}});
    CHECK(asked(kWorkflow + "/pause", "", "workflows.pause") == json{{"id", id}});
    CHECK(asked(kWorkflow + "/resume", "{}", "workflows.resume") == json{{"id", id}});
    CHECK(asked(kWorkflow + "/retry", "", "workflows.retry") == json{{"id", id}});
    CHECK(asked(kWorkflow + "/rerun", R"({"fromStep":"b"})", "workflows.rerun") ==
          json{{"id", id}, {"fromStep", "b"}});
    const std::string letter = "/v1/dead-letters/" + id + "/replay";
    CHECK(asked(letter, "", "workflows.replay") == json{{"id", id}});
    CHECK(asked(letter, R"({"input":null})", "workflows.replay") == json{{"id", id}, {"input", nullptr}});
    CHECK(rest.post("/v1/workflows/17/pause").status == 404);
}

TEST_CASE("a signal finds its workflow by id, or by definition and key")
{
    Rest rest;
    rest.worker.answers<contracts::WorkflowsSignal>([](const contracts::WorkflowSignal& asked) {
        return contracts::SignalReceipt{.workflow_id = asked.id, .is_duplicate = asked.signal_id == "2"};
    });
    rest.start();
    const auto by_id = rest.post(kWorkflow + "/signals", R"({"id":"1","name":"go","payload":[1,null]})");
    CHECK(by_id.status == 200);
    CHECK(by_id.body == json{{"workflowId", kId.to_string()}, {"isDuplicate", false}});
    const auto by_key =
        rest.post("/v1/workflow-definitions/report/keys/2026%2F11/signals", R"({"id":"2","name":"go"})");
    CHECK(by_key.body == json{{"isDuplicate", true}});
    const auto asked = rest.worker.asked("workflows.signal");
    REQUIRE(asked.size() == 2);
    CHECK(asked[0].document ==
          json{{"id", kId.to_string()}, {"signalId", "1"}, {"name", "go"}, {"payload", {1, nullptr}}});
    CHECK(asked[1].document == json{{"definition", "report"},
                                    {"key", "2026/11"},
                                    {"signalId", "2"},
                                    {"name", "go"},
                                    {"payload", nullptr}});
    CHECK(rest.post("/v1/workflow-definitions/a%20b/keys/k/signals", R"({"id":"2","name":"go"})").status ==
          404);
}

TEST_CASE("lists hand on every filter, and those of a building are of that building")
{
    Rest rest;
    rest.worker.answers<contracts::WorkflowsList>([](const contracts::WorkflowList&) {
        contracts::WorkflowPage page;
        page.items = {workflow()};
        page.next_page_token = "next";
        return page;
    });
    rest.start();
    const auto page = rest.get(
        "/v1/workflows?definition=report&version=2&key=k&attributes=%7B%22a%22%3A%201%7D&status=failed"
        "&createdAfter=2026-11-20T00:00:00Z&pageSize=500");
    CHECK(page.status == 200);
    CHECK(page.body.at("nextPageToken") == "next");
    CHECK_FALSE(page.body.at("items").at(0).contains("input"));
    CHECK(rest.get("/v1/buildings/" + rest.building.id.to_string() + "/workflows?key=k").status == 200);
    CHECK(rest.get("/v1/buildings/" + kId.to_string() + "/workflows").status == 404);
    const auto asked = rest.worker.asked("workflows.list");
    REQUIRE(asked.size() == 2);
    CHECK(asked[0].document == json{{"definition", "report"},
                                    {"version", 2},
                                    {"key", "k"},
                                    {"attributes", R"({"a":1})"},
                                    {"status", "failed"},
                                    {"createdAfter", "2026-11-20T00:00:00.000Z"},
                                    {"pageSize", 200}});
    CHECK(asked[1].document ==
          json{{"buildingId", rest.building.id.to_string()}, {"key", "k"}, {"pageSize", 50}});
}

TEST_CASE("a definition is its document, and its faults are found there")
{
    Rest rest;
    rest.worker.answers<contracts::DefinitionsCreate>([](const contracts::DefinitionCreate& asked) {
        if (asked.document == R"({"steps":7})")
            throw core::Error(core::ErrorCode::invalid, "the definition is invalid",
                              {{"/document/steps", "must be an array"}, {"/document", "needs a name"}});
        contracts::DefinitionCreated created;
        created.name = "report";
        created.version = 3;
        created.document = asked.document;
        created.is_existing = asked.document == R"({"name":"old"})";
        return created;
    });
    rest.worker.answers<contracts::DefinitionsGet>([](const contracts::DefinitionGet& asked) {
        contracts::Definition definition;
        definition.name = asked.name;
        definition.version = asked.version.value_or(9);
        return definition;
    });
    rest.start();
    const auto created = rest.post("/v1/workflow-definitions", R"({"name":"report"})");
    CHECK(created.status == 201);
    CHECK(created.header("Location") == "/v1/workflow-definitions/report/versions/3");
    CHECK(created.body.at("document") == json{{"name", "report"}});
    CHECK(rest.post("/v1/workflow-definitions", R"({"name":"old"})").status == 200);

    const auto refused = rest.post("/v1/workflow-definitions", R"({"steps":7})");
    CHECK(refused.status == 422);
    CHECK(refused.body.at("errors").at(0).at("pointer") == "/steps");
    CHECK(refused.body.at("errors").at(1).at("pointer") == "");
    CHECK(rest.post("/v1/workflow-definitions", "[]").body.at("errors").at(0).at("pointer") == "");

    CHECK(rest.get(created.header("Location")).body.at("version") == 3);
    CHECK(rest.get("/v1/workflow-definitions/report").body.at("version") == 9);
    for (const char* path : {"/a%20b", "/report/versions/x", "/report/versions/0", "/report/versions/1.0"})
        CHECK(rest.get(std::string("/v1/workflow-definitions") + path).status == 404);
    CHECK(rest.worker.asked("definitions.get").size() == 2);
}

TEST_CASE("a schedule is changed by a patch that the worker applies, for the versions that If-Match lists")
{
    Rest rest;
    const auto schedule = [] {
        contracts::ScheduleCreated one;
        one.name = "nightly";
        one.definition = "report";
        one.cron = "0 2 * * *";
        one.version = 4;
        return one;
    };
    rest.worker.answers<contracts::SchedulesCreate>([&](const auto&) { return schedule(); });
    rest.worker.answers<contracts::SchedulesUpdate>([&](const contracts::ScheduleUpdate& asked) {
        if (asked.expected_versions && asked.expected_versions->empty())
            throw core::Error(core::ErrorCode::precondition, "the schedule has version 4");
        if (asked.patch == R"({"cron":7})")
            throw core::Error(core::ErrorCode::invalid, "no", {{"/cron", "must be a string"}});
        return contracts::Schedule(schedule());
    });
    rest.worker.answers<contracts::SchedulesDelete>(
        [&](const auto&) { return contracts::Schedule(schedule()); });
    rest.worker.answers<contracts::SchedulesTrigger>(
        [](const auto&) { return workflow<contracts::WorkflowStarted>(); });
    rest.start();
    const auto created =
        rest.post("/v1/schedules", R"({"name":"nightly","definition":"report","cron":"0 2 * * *"})");
    CHECK(created.status == 201);
    CHECK(created.header("Location") == "/v1/schedules/nightly");
    CHECK(rest.worker.asked("schedules.create").at(0).document.at("catchUpWindow") == "1m");

    const std::string path = "/v1/schedules/nightly";
    CHECK(
        rest.ask("PATCH", path, R"({"timeZone":null})", "If-Match: \"3\", \"4\", \"x\"\r\n").header("ETag") ==
        "\"4\"");
    CHECK(rest.ask("PATCH", path, "{}", "If-Match: *\r\n").status == 200);
    CHECK(rest.ask("PATCH", path, "{}", "If-Match: W/\"4\"\r\n").status == 412);
    const auto patched = rest.worker.asked("schedules.update");
    CHECK(patched.at(0).document ==
          json{{"name", "nightly"}, {"patch", {{"timeZone", nullptr}}}, {"expectedVersions", {3, 4}}});
    CHECK(patched.at(1).document == json{{"name", "nightly"}, {"patch", json::object()}});
    CHECK(rest.ask("PATCH", path, "7").body.at("errors").at(0).at("pointer") == "");
    CHECK(rest.ask("PATCH", path, R"({"cron":7})").body.at("errors").at(0).at("pointer") == "/cron");

    const auto triggered = rest.post(path + "/trigger");
    CHECK(triggered.status == 201);
    CHECK(triggered.header("Location") == kWorkflow);
    CHECK(rest.ask("DELETE", path).status == 204);
    CHECK(rest.get("/v1/schedules/a%2Fb").status == 404);
}

TEST_CASE("without a worker nothing has happened, and the client may try again")
{
    Rest rest;
    rest.start();
    const auto answer = rest.post(kWorkflow + "/pause");
    CHECK(answer.status == 503);
    CHECK_FALSE(answer.header("Retry-After").empty());
}
