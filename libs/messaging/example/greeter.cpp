// A service and a caller in one process: `messaging-greeter [NATS_URL]`.
//
// While it runs, `nats micro ls` shows it, and `nats request greeter.greet '{"name":"Ada"}'` or a NestJS
// client's `client.send('greeter.greet', { name: 'Ada' })` are answered as well.

#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "lintel/core/error.hpp"
#include "lintel/core/executor.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/messaging/service.hpp"

using namespace lintel;
using namespace std::chrono_literals;

/// Such a trait is generated from contracts/ for every endpoint; it is written out here to show its shape.
struct Greet {
    static constexpr std::string_view kName = "greet";
    static constexpr std::string_view kSubject = "greeter.greet";
    static constexpr std::string_view kQueueGroup = "greeter-service";

    struct Request {
        std::string name;
    };
    struct Reply {
        std::string greeting;
    };

    static Request parse_request(const nlohmann::json& json)
    {
        if (!json.is_object() || !json.contains("name") || !json["name"].is_string())
            throw core::Error(core::ErrorCode::invalid, "1 fault", {{"/name", "must be a string"}});
        return {json["name"].get<std::string>()};
    }
    static Reply parse_reply(const nlohmann::json& json) { return {json.at("greeting").get<std::string>()}; }
    static std::string to_json(const Request& request)
    {
        return nlohmann::json{{"name", request.name}}.dump();
    }
    static std::string to_json(const Reply& reply)
    {
        return nlohmann::json{{"greeting", reply.greeting}}.dump();
    }
};

core::Task<std::string> greet_over_nats(messaging::Client& client, std::string name)
{
    const auto context = telemetry::Context::start(2s);
    const Greet::Request request{std::move(name)};
    const auto reply = co_await client.call<Greet>(context, request);
    co_return reply.greeting;
}

int main(int argc, char** argv)
{
    telemetry::Metrics metrics;
    core::IoThreads threads(2);
    messaging::ConnectionOptions options;
    options.name = "greeter";
    if (argc > 1) options.url = argv[1];
    messaging::Connection connection(threads.executor(), metrics, options);

    messaging::ServiceInfo info;
    info.name = "greeter";
    info.version = "1.0.0";
    info.description = "greets whoever gives a name";
    messaging::Service service(connection, info);
    service.serve<Greet>([](const messaging::Request&, Greet::Request request) -> core::Task<Greet::Reply> {
        co_return Greet::Reply{"Hello, " + request.name + "!"};
    });
    service.start();

    messaging::Client client(connection);
    while (!connection.is_connected())
        std::this_thread::sleep_for(50ms);
    try {
        std::puts(core::sync_wait(greet_over_nats(client, "Ada")).c_str());
    } catch (const core::Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    return core::sync_wait(service.drain(core::Deadline::after(5s))) ? 0 : 1;
}
