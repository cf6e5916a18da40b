// Starts workflows over NATS, so many at a time, and answers what their steps ask for. Prints one JSON object.

#include <atomic>
#include <cstdio>
#include <future>
#include <string>
#include <vector>

#include <cxxopts.hpp>
#include <nlohmann/json.hpp>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/messaging/service.hpp"

namespace {

using namespace lintel;
using namespace std::chrono_literals;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

struct Options {
    std::string nats_url;
    std::string definition;
    int steps = 3;
    int count = 10000;
    int at_once = 256;
    std::chrono::milliseconds step_time{0};
};

class Load {
public:
    explicit Load(Options options) : options_(std::move(options)) {}

    void run()
    {
        while (!connection_.is_connected())
            std::this_thread::sleep_for(10ms);
        service_.add_endpoint(step_endpoint(), [this](messaging::Request request) { return do_step(std::move(request)); });
        service_.start();
        core::sync_wait(connection_.flush(core::Deadline::after(5s)));
        core::sync_wait(client_.call<contracts::DefinitionsCreate>(soon(), {definition()}));
        const auto began = Clock::now();
        for (int at = 0; at < options_.at_once; ++at)
            core::spawn(start_some());
        all_started_.get_future().wait();
        const std::chrono::duration<double> took = Clock::now() - began;
        while (steps_ < static_cast<long>(options_.count) * options_.steps && Clock::now() - began < 300s)
            std::this_thread::sleep_for(5ms);
        const std::chrono::duration<double> done = Clock::now() - began;
        std::printf("%s\n", json({{"started", options_.count - failed_},
                                  {"failed", failed_.load()},
                                  {"steps", steps_.load()},
                                  {"startsPerSecond", options_.count / took.count()},
                                  {"workflowsPerSecond", options_.count / done.count()},
                                  {"seconds", done.count()}})
                                .dump()
                                .c_str());
    }

private:
    static telemetry::Context soon() { return telemetry::Context::start(10s); }

    static messaging::EndpointOptions step_endpoint()
    {
        messaging::EndpointOptions options;
        options.name = "bench-step";
        options.subject = "bench.step";
        options.queue_group = "bench-service";
        options.max_in_flight = 100000;
        return options;
    }

    std::string definition() const
    {
        auto steps = json::array();
        for (int at = 1; at <= options_.steps; ++at)
            steps.push_back({{"name", "step" + std::to_string(at)},
                             {"request", {{"subject", "bench.step"}}},
                             {"timeout", "30s"},
                             {"input", {{"n", {{"$ref", "/input/n"}}}, {"at", at}}}});
        return core::dump_json({{"name", options_.definition}, {"version", 1}, {"steps", steps}});
    }

    core::Task<std::string> do_step(messaging::Request request)
    {
        if (options_.step_time > 0ms) co_await threads_.executor().sleep(options_.step_time);
        steps_.fetch_add(1, std::memory_order_relaxed);
        co_return core::dump_json({{"done", request.data().at("n")}});
    }

    core::Task<void> start_some()
    {
        co_await threads_.executor().schedule();
        for (int number = next_++; number < options_.count; number = next_++) {
            contracts::WorkflowStart start;
            start.definition = options_.definition;
            start.input = core::dump_json({{"n", number}});
            try {
                co_await client_.call<contracts::WorkflowsStart>(soon(), start);
            } catch (const core::Error& error) {
                if (failed_++ == 0) std::fprintf(stderr, "a start failed: %s\n", error.what());
            }
            if (++ended_ == options_.count) all_started_.set_value();
        }
    }

    const Options options_;
    telemetry::Metrics metrics_;
    core::IoThreads threads_{1};
    messaging::Connection connection_{threads_.executor(), metrics_, {.url = options_.nats_url, .name = "load"}};
    messaging::Client client_{connection_};
    messaging::Service service_{connection_, {"bench", "1.0.0", "does the steps of a load", {}, {}}};
    std::atomic<int> next_{0};
    std::atomic<int> ended_{0};
    std::atomic<int> failed_{0};
    std::atomic<long> steps_{0};
    std::promise<void> all_started_;
};

}  // namespace

int main(int argc, char** argv)
{
    cxxopts::Options declared("workflow_load", "Starts workflows and answers their steps.");
    declared.add_options()("nats", "URL of the broker", cxxopts::value<std::string>()->default_value("nats://127.0.0.1:4222"))(
        "definition", "its name", cxxopts::value<std::string>()->default_value("bench"))(
        "steps", "of each workflow", cxxopts::value<int>()->default_value("3"))(
        "count", "workflows", cxxopts::value<int>()->default_value("10000"))(
        "at-once", "starts under way", cxxopts::value<int>()->default_value("256"))(
        "step-time", "ms that a step takes", cxxopts::value<int>()->default_value("0"));
    const auto given = declared.parse(argc, argv);
    Load({given["nats"].as<std::string>(), given["definition"].as<std::string>(), given["steps"].as<int>(),
          given["count"].as<int>(), given["at-once"].as<int>(),
          std::chrono::milliseconds(given["step-time"].as<int>())})
        .run();
}
