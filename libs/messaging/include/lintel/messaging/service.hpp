#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json_fwd.hpp>

#include "lintel/core/json.hpp"
#include "lintel/core/task.hpp"
#include "lintel/messaging/connection.hpp"
#include "lintel/messaging/message.hpp"
#include "lintel/telemetry/context.hpp"
#include "lintel/telemetry/request_log.hpp"

namespace lintel::messaging {

/// How a service introduces itself to the NATS services protocol (ADR-32).
struct ServiceInfo {
    /// Letters, digits, `-` and `_`.
    std::string name;
    /// Strict semantic version: `1.2.3`.
    std::string version;
    std::string description;
    std::map<std::string, std::string> metadata;
    /// Unique among the replicas; made up when empty.
    std::string instance_id;
};

struct ServiceLimits {
    /// For requests that name no deadline, and the most that one may ask for.
    std::chrono::milliseconds default_deadline{5000};
    std::chrono::milliseconds max_deadline{60000};
    /// Of one endpoint, for those that do not say otherwise: requests being handled at once, while there are
    /// so many others are answered `unavailable`; and refusals waiting to be sent, beyond it requests are
    /// dropped and counted.
    std::size_t max_in_flight = 1024;
    std::size_t max_refusals = 4096;
    core::JsonLimits json;
    telemetry::RequestLogOptions request_log;
};

struct EndpointOptions {
    /// Letters, digits, `-` and `_`: what `nats micro info` shows.
    std::string name;
    std::string subject;
    std::string queue_group;
    /// What the service's limits say when nothing is said here.
    std::optional<std::size_t> max_in_flight{};
};

/// A request as a handler sees it, whichever way the caller wrapped it. Copies share the document.
class Request {
public:
    Request(telemetry::Context with, std::string on, std::shared_ptr<const nlohmann::json> data)
        : context(std::move(with)), subject(std::move(on)), data_(std::move(data))
    {
    }

    telemetry::Context context;
    std::string subject;
    /// Empty when the caller gave none.
    std::string idempotency_key;
    Headers headers;
    /// Nobody waits for an answer.
    bool is_event = false;

    /// The document itself, or a NestJS packet's `data`.
    const nlohmann::json& data() const noexcept { return *data_; }

private:
    std::shared_ptr<const nlohmann::json> data_;
};

/// Returns the answer as JSON text, `null` when empty. A core::Error it throws is answered as such; anything
/// else is logged and answered `internal`.
using Handler = std::function<core::Task<std::string>(Request)>;

/// Answers requests of NestJS and plain NATS callers on the same subjects and shows itself to `nats micro`.
///
/// Handlers run on the executor, several at a time. What they use must live until drain() has returned true,
/// or until the executor's threads have ended. Thread-safe, but endpoints are added before start().
class Service {
public:
    Service(Connection& connection, ServiceInfo info, ServiceLimits limits = {});
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Throws std::invalid_argument for a name or subject that NATS or ADR-32 do not allow.
    void add_endpoint(EndpointOptions options, Handler handler);

    /// Serves an Endpoint, a trait generated from contracts/.
    template <typename Endpoint>
    void serve(std::function<core::Task<typename Endpoint::Reply>(const Request&, typename Endpoint::Request)>
                   handler,
               std::optional<std::size_t> max_in_flight = std::nullopt)
    {
        EndpointOptions options;
        options.name = Endpoint::kName;
        options.subject = Endpoint::kSubject;
        options.queue_group = Endpoint::kQueueGroup;
        options.max_in_flight = max_in_flight;
        add_endpoint(std::move(options),
                     [handler = std::move(handler)](Request request) -> core::Task<std::string> {
                         auto parsed = Endpoint::parse_request(request.data());
                         const auto reply = co_await handler(request, std::move(parsed));
                         co_return Endpoint::to_json(reply);
                     });
    }

    /// Subscribes; requests come from now on, or as soon as there is a connection.
    void start();

    /// Leaves the queue groups, for a replica that cannot work at the moment. What has been delivered is
    /// answered.
    void leave();
    /// Takes part again.
    void join();

    /// Leaves for good: no request that was delivered is lost. True when all of them have been answered
    /// before `deadline`, and the answers are with the broker or, if the connection is lost, lost with it.
    core::Task<bool> drain(core::Deadline deadline);

    const std::string& instance_id() const noexcept;
    std::size_t in_flight() const noexcept;

private:
    class State;
    std::shared_ptr<State> state_;
};

}  // namespace lintel::messaging
