// The service as a process of its own, told its limits: each of them shows.

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/messaging/service.hpp"
#include "lintel/testing/eventually.hpp"
#include "main_process.hpp"

using namespace lintel;
using namespace std::chrono_literals;
using Main = lintel::main::test::MainProcess;

namespace {

/// A worker that takes requests and does not answer in time.
struct HangingWorker {
    template <typename Endpoint>
    static std::unique_ptr<HangingWorker> of(const Main& main)
    {
        auto worker = std::make_unique<HangingWorker>(main.nats.url());
        messaging::EndpointOptions options;
        options.name = Endpoint::kName;
        options.subject = Endpoint::kSubject;
        options.queue_group = Endpoint::kQueueGroup;
        worker->service.add_endpoint(std::move(options), [self = worker.get()](messaging::Request request) {
            return self->hang(request.context.deadline);
        });
        worker->service.start();
        REQUIRE(testing::eventually(10s, [&] { return worker->connection.is_connected(); }));
        core::sync_wait(worker->connection.flush(core::Deadline::after(5s)));
        return worker;
    }

    explicit HangingWorker(const std::string& url) : connection(threads.executor(), metrics, {.url = url}) {}
    ~HangingWorker() { CHECK(core::sync_wait(service.drain(core::Deadline::after(10s)))); }
    HangingWorker(const HangingWorker&) = delete;
    HangingWorker& operator=(const HangingWorker&) = delete;

    core::Task<std::string> hang(core::Deadline deadline)
    {
        longest_wait = std::max(longest_wait.load(), deadline.remaining());
        ++requests;
        co_await threads.executor().sleep(deadline.remaining() + 10ms);
        throw core::Error(core::ErrorCode::unavailable, "hangs");
    }

    core::IoThreads threads{1};
    telemetry::Metrics metrics;
    messaging::Connection connection;
    messaging::Service service{connection, {"workflows", "1.0.0", "", {}, {}}};
    std::atomic<int> requests{0};
    std::atomic<core::Deadline::Clock::duration> longest_wait{core::Deadline::Clock::duration(0)};
};

}  // namespace

TEST_CASE("documents and pages have the limits that the settings say")
{
    const Main main({{"LIST_MAX_ITEMS", "2"}, {"JSON_MAX_DEPTH", "4"}, {"NATS_MAX_PAYLOAD", "65536"}});
    const auto create = [&](const std::string& body) { return main.ask("POST", "/v1/buildings", body); };
    CHECK(create(R"({"name":"a","attributes":{"a":{"b":{}}}})").status == 201);
    CHECK(create(R"({"name":"b","attributes":{"a":{"b":{"c":{}}}}})").body.at("code") == "malformed");
    const auto beyond = create(R"({"name":"b","floors":99999999999999999999})");
    CHECK(beyond.status == 422);
    CHECK(beyond.body.at("errors").at(0).at("pointer") == "/floors");
    CHECK(create(R"({"name":"c"})").status == 201);
    CHECK(create(R"({"name":"d"})").status == 201);
    for (const char* path : {"/v1/buildings?pageSize=200", "/v1/intents?pageSize=200"}) {
        const auto page = main.ask("GET", path).body;
        CHECK(page.at("items").size() == 2);
        CHECK(page.contains("nextPageToken"));
    }
    const std::string large = R"({"text":")" + std::string(16'000, 'x') + R"("})";
    for (int i = 0; i < 2; ++i)
        CHECK(create(R"({"name":"large","attributes":)" + large + R"(,"metadata":)" + large + "}").status ==
              201);
    const auto page = main.ask("GET", "/v1/buildings?namePrefix=large").body;
    CHECK(page.at("items").size() == 1);
    CHECK(page.contains("nextPageToken"));
}

TEST_CASE("a read is sent again as often as the settings say")
{
    const Main main({{"READ_HEDGE", "20ms"}, {"READ_HEDGES", "3"}, {"REQUEST_DEADLINE", "2s"}});
    const auto worker = HangingWorker::of<contracts::WorkflowsGet>(main);
    const auto answer = main.ask("GET", "/v1/workflows/" + core::Id::generate().to_string());
    CHECK(answer.status == 504);
    CHECK(worker->requests == 4);
}

TEST_CASE("so is a change")
{
    const Main main({{"CHANGE_HEDGE", "20ms"}, {"CHANGE_HEDGES", "2"}, {"REQUEST_DEADLINE", "2s"}});
    const auto worker = HangingWorker::of<contracts::WorkflowsStart>(main);
    CHECK(main.ask("POST", "/v1/workflows", R"({"definition":"report"})").status == 504);
    CHECK(worker->requests == 3);
}

TEST_CASE("the relay delivers, waits and measures as the settings say")
{
    const Main main({{"START_DEADLINE", "50ms"},
                     {"START_HEDGE", "0s"},
                     {"INTENT_TIMEOUT", "300ms"},
                     {"INTENT_BACKOFF", "1h"},
                     {"INTENT_BACKOFF_MAX", "2h"},
                     {"INTENT_POLL", "50ms"},
                     {"INTENT_MEASURE", "50ms"}});
    const auto worker = HangingWorker::of<contracts::WorkflowsCreate>(main);
    CHECK(main.ask("POST", "/v1/buildings", R"({"name":"a"})").body.at("workflow").at("status") == "pending");
    CHECK(testing::eventually(20s, [&] {
        return main.sql(
                   "SELECT count(*) FROM intents WHERE attempts = 1 AND last_error IS NOT NULL AND "
                   "next_attempt_at BETWEEN now() + interval '50 min' AND now() + interval '1 h'") == "1";
    }));
    CHECK(worker->requests == 2);
    CHECK(worker->longest_wait.load() <= 300ms);
    CHECK(worker->longest_wait.load() > 50ms);
    CHECK(testing::eventually(8s, [&] {
        return main.exchange("GET", "/metrics").find("lintel_intents{state=\"pending\"} 1\n") !=
               std::string::npos;
    }));
}

TEST_CASE("a stop does not wait for those who wait for a decision")
{
    Main main({{"DRAIN_TIMEOUT", "4s"}, {"ORDER_WAIT_MAX", "15s"}});
    const auto building = main.ask("POST", "/v1/buildings", R"({"name":"a"})").body.at("id").dump();
    std::string placed;
    std::thread waits([&] {
        placed = main.exchange("POST", "/v1/orders",
                               R"({"customerId":)" + building + R"(,"buildingId":)" + building +
                                   R"(,"currency":"GBP","lines":[{"sku":"a","quantity":1}]})",
                               "Prefer: wait=60\r\n");
    });
    CHECK(testing::eventually(20s, [&] { return main.sql("SELECT count(*) FROM orders") == "1"; }));
    CHECK(main.process.terminate() == 0);
    waits.join();
    CHECK(placed.starts_with("HTTP/1.1 201 "));
    CHECK(placed.find("Preference-Applied: wait=15\r\n") != placed.npos);
}
