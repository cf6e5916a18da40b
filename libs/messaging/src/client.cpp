#include "lintel/messaging/client.hpp"

#include <nlohmann/json.hpp>

#include "call.hpp"
#include "client_state.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::messaging {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

Client::Client(Connection& connection, ClientOptions options)
    : state_(std::make_shared<ClientState>(connection.state(), options))
{
    auto gauge =
        connection.metrics().gauge("messaging_client_in_flight_requests", "Calls that wait for an answer");
    connection.metrics().before_render([weak = std::weak_ptr(state_), gauge]() mutable {
        if (const auto state = weak.lock()) gauge.set(static_cast<double>(state->gate.in_flight()));
    });
}

Client::~Client() = default;

core::Task<Message> Client::request(telemetry::Context context, std::string subject, std::string payload,
                                    RequestOptions options)
{
    Call call(state_, context, std::move(subject));
    try {
        auto reply = co_await call.request(std::move(payload), std::move(options));
        call.succeeded();
        co_return reply;
    } catch (const Error& error) {
        call.failed(error);
        throw;
    }
}

core::Task<void> Client::request_json(telemetry::Context context, std::string subject, std::string payload,
                                      RequestOptions options, Accept accept)
{
    const auto reply = co_await request(std::move(context), subject, std::move(payload), std::move(options));
    try {
        accept(core::parse_json(reply.payload, state_->options.json));
    } catch (const Error& error) {
        throw Error(ErrorCode::internal,
                    "the answer of '" + subject + "' is not what it should be: " + error.what());
    }
}

core::Task<json> Client::request_nest(telemetry::Context context, std::string subject, json data)
{
    Call call(state_, context, std::move(subject));
    try {
        auto value = co_await call.request_nest(std::move(data));
        call.succeeded();
        co_return value;
    } catch (const Error& error) {
        call.failed(error);
        throw;
    }
}

void Client::publish(const telemetry::Context& context, std::string subject, std::string payload,
                     Headers headers)
{
    Outgoing message;
    message.subject = std::move(subject);
    message.payload = std::move(payload);
    message.headers = std::move(headers);
    add_trace(message.headers, context.trace.child());
    state_->send(std::move(message));
}

}  // namespace lintel::messaging
