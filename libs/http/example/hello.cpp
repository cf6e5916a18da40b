// A server with three routes: curl localhost:8080/hello/ada, curl -d 'echo' localhost:8080/echo, curl
// localhost:8080/clock

#include <csignal>
#include <cstdlib>
#include <string>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/core/time.hpp"
#include "lintel/http/server.hpp"
#include "lintel/telemetry/log.hpp"

namespace core = lintel::core;
namespace http = lintel::http;

namespace {

core::Task<http::Response> hello(http::Request request)
{
    const auto& name = request.path_parameter("name");
    if (name == "nobody") throw core::Error(core::ErrorCode::not_found, "there is nobody of that name");
    std::string text = "{\"hello\":";
    core::append_json_string(text, name);
    co_return http::Response::json(200, text + "}");
}

core::Task<http::Response> echo(http::Request request)
{
    co_return http::Response::text(200, std::move(request.body));
}

/// Server-sent events, one a second, until the client goes or the server drains.
http::Handler clock_on(core::Executor& executor)
{
    return [&executor](http::Request) -> core::Task<http::Response> {
        co_return http::Response::stream(
            "text/event-stream", [&executor](http::BodyWriter body) -> core::Task<void> {
                while (co_await body.write("data: " + core::to_rfc3339(core::now()) + "\n\n"))
                    co_await executor.sleep(std::chrono::seconds(1));
            });
    };
}

}  // namespace

int main(int argc, char** argv)
{
    // Blocked before the first thread starts, so that every thread leaves them to sigwait below.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    lintel::telemetry::LogOptions log;
    log.service = "hello";
    lintel::telemetry::init_log(log);
    lintel::telemetry::Metrics metrics;
    http::Runtime runtime(2);

    http::Router router;
    router.add(http::Method::get, "/hello/{name}", hello);
    router.add(http::Method::post, "/echo", echo);
    router.add(http::Method::get, "/clock", clock_on(runtime.executor()));

    http::ServerOptions options;
    options.port = argc > 1 ? static_cast<std::uint16_t>(std::atoi(argv[1])) : std::uint16_t{8080};
    http::Server server(runtime, metrics, std::move(router), options);
    try {
        server.start();
    } catch (const core::Error& error) {
        lintel::telemetry::log(lintel::telemetry::LogLevel::error, "cannot start", {{"error", error.what()}});
        return 1;
    }

    int signal = 0;
    sigwait(&signals, &signal);
    server.drain(core::Deadline::after(std::chrono::seconds(10)));
    server.close();
}
