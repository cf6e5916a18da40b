// Echo over the framework, to be compared with a raw nats.c echo: `messaging-echo server|client URL
// [CONCURRENCY] [SECONDS]`.

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "lintel/core/error.hpp"
#include "lintel/core/executor.hpp"
#include "lintel/core/json.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/messaging/service.hpp"

#include <nlohmann/json.hpp>

using namespace lintel;
using Clock = std::chrono::steady_clock;

namespace {

constexpr const char* kSubject = "bench.echo";
constexpr std::size_t kBodyBytes = 200;

double cpu_seconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void wait_until_connected(const messaging::Connection& connection)
{
    while (!connection.is_connected())
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

core::Task<std::string> echo(messaging::Request request)
{
    co_return core::dump_json(request.data());
}

int serve(messaging::Connection& connection)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    messaging::ServiceInfo info;
    info.name = "echo";
    info.version = "1.0.0";
    messaging::Service service(connection, info);
    messaging::EndpointOptions endpoint;
    endpoint.name = "echo";
    endpoint.subject = kSubject;
    endpoint.queue_group = "echo-service";
    service.add_endpoint(endpoint, echo);
    service.start();
    wait_until_connected(connection);
    std::puts("ready");
    std::fflush(stdout);
    int signal = 0;
    sigwait(&signals, &signal);
    const bool is_drained = core::sync_wait(service.drain(core::Deadline::after(std::chrono::seconds(5))));
    std::fprintf(stderr, "server: cpu %.2f s, drained %s\n", cpu_seconds(), is_drained ? "yes" : "no");
    return is_drained ? 0 : 1;
}

struct Load {
    std::atomic<bool> stop{false};
    std::atomic<int> running{0};
    std::atomic<int> failed{0};
    std::vector<std::vector<float>> microseconds;
};

core::Task<void> call_again_and_again(messaging::Client& client, Load& load, std::size_t index)
{
    const std::string body = '"' + std::string(kBodyBytes, 'x') + '"';
    while (!load.stop) {
        const auto started = Clock::now();
        try {
            co_await client.request(telemetry::Context::start(std::chrono::seconds(2)), kSubject, body);
            load.microseconds[index].push_back(
                std::chrono::duration<float, std::micro>(Clock::now() - started).count());
        } catch (const core::Error&) {
            ++load.failed;
        }
    }
    --load.running;
}

int call(messaging::Connection& connection, std::size_t concurrency, int seconds)
{
    messaging::Client client(connection);
    wait_until_connected(connection);
    Load load;
    load.microseconds.resize(concurrency);
    load.running = static_cast<int>(concurrency);
    const auto cpu = cpu_seconds();
    for (std::size_t i = 0; i < concurrency; ++i) {
        connection.executor().post(
            [&client, &load, i] { core::spawn(call_again_and_again(client, load, i)); });
    }
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    load.stop = true;
    const auto used = cpu_seconds() - cpu;
    while (load.running > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::vector<float> all;
    for (const auto& part : load.microseconds)
        all.insert(all.end(), part.begin(), part.end());
    if (all.empty()) return 1;
    std::ranges::sort(all);
    std::printf("concurrency %4zu: %8.0f requests/s, p50 %6.0f us, p99 %6.0f us, failed %d, cpu %.2f s\n",
                concurrency, static_cast<double>(all.size()) / seconds,
                static_cast<double>(all[all.size() / 2]), static_cast<double>(all[all.size() * 99 / 100]),
                load.failed.load(), used);
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: %s server|client URL [CONCURRENCY] [SECONDS]\n", argv[0]);
        return 2;
    }
    const std::string role = argv[1];
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    // Before the first thread, so that none of them takes the signal from sigwait.
    if (role == "server") pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    telemetry::Metrics metrics;
    core::IoThreads threads(2);
    messaging::ConnectionOptions options;
    options.url = argv[2];
    options.name = "bench-" + role;
    messaging::Connection connection(threads.executor(), metrics, options);
    if (role == "server") return serve(connection);
    const auto concurrency = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 64;
    return call(connection, std::max<std::size_t>(concurrency, 1), argc > 4 ? std::atoi(argv[4]) : 3);
}
