#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/executor.hpp"
#include "lintel/core/json.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/messaging/connection.hpp"
#include "lintel/messaging/service.hpp"
#include "lintel/telemetry/metrics.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/nats_server.hpp"

namespace lintel::messaging {

using namespace std::chrono_literals;

inline telemetry::Context within(std::chrono::milliseconds time)
{
    return telemetry::Context::start(time);
}

inline core::Task<std::string> echo(Request request)
{
    co_return core::dump_json(request.data());
}

/// Options that notice quickly what happens to the broker.
inline ConnectionOptions impatient()
{
    ConnectionOptions options;
    options.ping_interval = 300ms;
    options.ping_timeout = 300ms;
    options.write_deadline = 300ms;
    options.reconnect_wait_max = 100ms;
    return options;
}

/// One process as far as messaging is concerned: threads, metrics, a connection, a client.
struct Peer {
    explicit Peer(const std::string& url, ConnectionOptions options = {}, ClientOptions client_options = {})
        : connection(threads.executor(), metrics, with_url(std::move(options), url)),
          client(connection, client_options)
    {
    }

    static ConnectionOptions with_url(ConnectionOptions options, const std::string& url)
    {
        options.url = url;
        options.name = "messaging-test";
        return options;
    }

    void await_connected() const
    {
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
    }

    /// The answer's payload, or the error's code and text.
    std::string ask(const std::string& subject, const std::string& payload, RequestOptions options = {},
                    std::chrono::milliseconds time = 5s)
    {
        try {
            return core::sync_wait(client.request(within(time), subject, payload, std::move(options)))
                .payload;
        } catch (const core::Error& error) {
            return std::string(core::to_string(error.code())) + ": " + error.what();
        }
    }

    double metric(const std::string& series) const
    {
        const auto text = metrics.render();
        const auto at = text.find("\n" + series + " ");
        return at == std::string::npos ? 0 : std::stod(text.substr(at + series.size() + 2));
    }

    telemetry::Metrics metrics;
    core::IoThreads threads{2};
    Connection connection;
    Client client;
};

/// A peer that answers.
struct Replica : Peer {
    explicit Replica(const std::string& url, ServiceLimits limits = {}, ConnectionOptions options = {})
        : Peer(url, std::move(options)), service(connection, {"test", "1.0.0", "a test", {}, {}}, limits)
    {
    }

    void serve(const std::string& subject, Handler handler, std::size_t max_in_flight = 1024)
    {
        std::string name = subject;
        for (char& c : name)
            c = c == '.' ? '-' : c;
        EndpointOptions options;
        options.name = name;
        options.subject = subject;
        options.queue_group = "test-service";
        options.max_in_flight = max_in_flight;
        service.add_endpoint(options, std::move(handler));
    }

    /// Also waits until the broker knows the subscriptions.
    void start()
    {
        service.start();
        await_connected();
        core::sync_wait(connection.flush(core::Deadline::after(5s)));
    }

    Service service;
};

}  // namespace lintel::messaging
