// How a result is waited for, over a real broker: in which turns a worker is asked, and when a wait ends.
#include "result_waits.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/time.hpp"
#include "lintel/testing/eventually.hpp"
#include "worker_fixture.hpp"

using namespace lintel;
using namespace std::chrono_literals;
using main::test::Rest;

namespace {

const std::string kResult = "/v1/workflows/019a9f5e-6f21-7d10-8a44-c20b9e6f7710/result";

/// Answers of a worker that does not wait: after `pending` of them the workflow has ended.
auto results_after(std::shared_ptr<std::atomic<int>> pending)
{
    return [pending](const contracts::WorkflowResultGet& asked) {
        contracts::WorkflowResult result;
        result.id = asked.id;
        result.status =
            (*pending)-- > 0 ? contracts::WorkflowStatus::running : contracts::WorkflowStatus::completed;
        if (result.status == contracts::WorkflowStatus::completed) result.output = "7";
        return result;
    };
}

std::vector<std::optional<std::chrono::milliseconds>> waits(const Rest& rest)
{
    std::vector<std::optional<std::chrono::milliseconds>> waits;
    for (const auto& asked : rest.worker.asked("workflows.result"))
        waits.push_back(contracts::parse_workflow_result_get(asked.document).wait);
    return waits;
}

}  // namespace

TEST_CASE("a result is waited for in turns, beyond the time of other requests")
{
    Rest rest;
    const auto pending = std::make_shared<std::atomic<int>>(0);
    rest.worker.answers<contracts::WorkflowsResult>(results_after(pending));
    rest.start();
    CHECK(rest.get(kResult).body.at("output") == 7);
    CHECK(waits(rest) == std::vector{std::optional<std::chrono::milliseconds>()});
    *pending = 5;
    CHECK(rest.get(kResult + "?wait=20s").body.at("output") == 7);
    const auto turns = waits(rest);
    CHECK(turns.size() >= 7);  // more where a slow answer was asked of another worker meanwhile
    CHECK(std::all_of(turns.begin() + 1, turns.end(), [](const auto& wait) { return wait == 1s; }));
    CHECK(rest.get(kResult + "?wait=1").status == 422);
}

TEST_CASE("a wait for a result ends with what is known")
{
    Rest rest;
    rest.worker.answers<contracts::WorkflowsResult>(results_after(std::make_shared<std::atomic<int>>(1'000)));
    rest.start();
    const auto status = [&](const std::string& query, const std::string& headers = {}) {
        const auto answer = rest.get(kResult + query, headers);
        CHECK(answer.status == 200);
        CHECK_FALSE(waits(rest).back());
        return answer.body.at("status");
    };
    CHECK(status("?wait=300ms") == "running");
    CHECK(status("?wait=30s", "Deadline: " + core::to_rfc3339(core::now() + 2s) + "\r\n") == "running");
    const auto before = waits(rest).size();
    std::thread stops([&] {
        CHECK(testing::eventually(10s, [&] { return waits(rest).size() > before + 2; }));
        rest.end_waits();
    });
    CHECK(status("?wait=30s") == "running");
    stops.join();
    CHECK(status("?wait=30s") == "running");
}
