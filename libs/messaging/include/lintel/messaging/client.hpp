#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "lintel/core/json.hpp"
#include "lintel/core/task.hpp"
#include "lintel/messaging/connection.hpp"
#include "lintel/messaging/message.hpp"
#include "lintel/telemetry/context.hpp"

namespace lintel::messaging {

struct ClientOptions {
    /// Calls that may wait for an answer at the same time; one more is refused.
    std::size_t max_in_flight = 4096;
    /// For answers.
    core::JsonLimits json{};
    /// Calls that take longer are logged.
    std::chrono::milliseconds slow_after{1000};
};

struct RequestOptions {
    /// Sent as Idempotency-Key; the same key again has no second effect.
    std::string idempotency_key;
    /// Without an answer after so long the request is sent a second time, under the same key, and the first
    /// answer counts: the way past a replica that hangs. Only for idempotent requests; zero means never.
    std::chrono::milliseconds hedge_after{0};
    /// How often it is sent again, each time after `hedge_after`. The broker chooses replicas at random, so
    /// that one attempt may meet the same sick replica twice.
    int hedges = 1;
};

class ClientState;

/// Calls other services, at most once per attempt. Deadline and trace are the context's.
///
/// Every call throws core::Error: `unavailable` when the request has not been delivered and may be sent again
/// (no connection, nobody subscribed, too many in flight, or refused by the service), `deadline_exceeded`
/// when nobody knows whether it has run, otherwise what the service answered. Thread-safe.
class Client {
public:
    explicit Client(Connection& connection, ClientOptions options = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // The short forms are overloads, not default arguments: g++ 12 destroys a defaulted `{}` twice when the
    // call stands in a co_await expression.

    core::Task<Message> request(telemetry::Context context, std::string subject, std::string payload)
    {
        return request(std::move(context), std::move(subject), std::move(payload), RequestOptions());
    }
    core::Task<Message> request(telemetry::Context context, std::string subject, std::string payload,
                                RequestOptions options);

    /// Calls an Endpoint, a trait generated from contracts/.
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> call(telemetry::Context context,
                                              const typename Endpoint::Request& request)
    {
        return call_text<Endpoint>(std::move(context), Endpoint::to_json(request), RequestOptions());
    }
    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> call(telemetry::Context context,
                                              const typename Endpoint::Request& request,
                                              RequestOptions options)
    {
        return call_text<Endpoint>(std::move(context), Endpoint::to_json(request), std::move(options));
    }

    /// Calls a handler of an unmodified NestJS server and returns the last value it gave, null when it gave
    /// none.
    core::Task<nlohmann::json> request_nest(telemetry::Context context, std::string subject,
                                            nlohmann::json data);

    /// Sends without waiting for anything. Throws Error{unavailable} without a connection.
    void publish(const telemetry::Context& context, std::string subject, std::string payload,
                 Headers headers = {});

private:
    using Accept = std::function<void(const nlohmann::json&)>;

    core::Task<void> request_json(telemetry::Context context, std::string subject, std::string payload,
                                  RequestOptions options, Accept accept);

    template <typename Endpoint>
    core::Task<typename Endpoint::Reply> call_text(telemetry::Context context, std::string payload,
                                                   RequestOptions options)
    {
        std::optional<typename Endpoint::Reply> reply;
        Accept accept = [&reply](const nlohmann::json& body) { reply.emplace(Endpoint::parse_reply(body)); };
        co_await request_json(std::move(context), std::string(Endpoint::kSubject), std::move(payload),
                              std::move(options), std::move(accept));
        co_return std::move(*reply);
    }

    std::shared_ptr<ClientState> state_;
};

}  // namespace lintel::messaging
