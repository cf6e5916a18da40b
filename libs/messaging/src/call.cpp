#include "call.hpp"

#include "lintel/core/id.hpp"
#include "lintel/core/json.hpp"
#include "lintel/core/time.hpp"
#include "lintel/telemetry/log.hpp"
#include "packet.hpp"
#include "waiters.hpp"
#include "wire_headers.hpp"

namespace lintel::messaging {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

namespace {

Message to_message(const Incoming& reply)
{
    return {std::string(reply.subject()), std::string(reply.payload()), reply.headers()};
}

void throw_if_error(const Message& reply)
{
    const auto* code = find_header(reply.headers, kServiceErrorCode);
    if (!code || code->empty()) return;
    const auto* description = find_header(reply.headers, kServiceError);
    // What cannot be read as a number counts as 400, as in the services client for JavaScript.
    const int status = code->find_first_not_of("0123456789") == std::string::npos && code->size() == 3
                           ? std::stoi(*code)
                           : 400;
    throw error_from_problem(status, description ? *description : std::string_view(), reply.payload);
}

/// True for the last packet of an answer. Throws the error that it is, if it is one.
bool take_nest_packet(const Incoming& reply, const core::JsonLimits& limits, const std::string& id,
                      json& value)
{
    const auto packet = core::parse_json(reply.payload(), limits);
    if (!packet.is_object()) throw Error(ErrorCode::internal, "the answer is no NestJS packet");
    if (const auto found = packet.find("id"); found != packet.end() && *found != id) return false;
    if (const auto err = packet.find("err"); err != packet.end() && !err->is_null())
        throw error_from_nest(*err);
    if (const auto response = packet.find("response"); response != packet.end()) value = *response;
    const auto last = packet.find("isDisposed");
    return last != packet.end() && last->is_boolean() && last->get<bool>();
}

}  // namespace

void ClientState::send(Outgoing message)
{
    if (message.size() > connection.max_payload())
        throw Error(ErrorCode::too_large, "the message to '" + message.subject + "' has " +
                                              std::to_string(message.size()) +
                                              " bytes with its headers; at most " +
                                              std::to_string(connection.max_payload()) + " can be sent");
    connection.publish(std::move(message));
}

void add_trace(Headers& headers, const telemetry::Trace& trace)
{
    headers.emplace_back(kTraceparent, trace.traceparent());
    if (!trace.tracestate().empty()) headers.emplace_back(kTracestate, trace.tracestate());
}

Call::Call(std::shared_ptr<ClientState> state, const telemetry::Context& context, std::string subject)
    : state_(std::move(state)),
      context_(context),
      subject_(std::move(subject)),
      span_(context.trace.child()),
      pass_(state_->gate.try_enter())
{
}

Outgoing Call::make_message(std::string payload, const std::string& idempotency_key) const
{
    Outgoing message;
    message.subject = subject_;
    message.payload = std::move(payload);
    add_trace(message.headers, span_);
    message.headers.emplace_back(kDeadline, core::to_rfc3339(context_.deadline.wall_time()));
    if (!idempotency_key.empty()) message.headers.emplace_back(kIdempotencyKey, idempotency_key);
    return message;
}

core::Task<Message> Call::request(std::string payload, RequestOptions options)
{
    if (!pass_)
        throw Error(ErrorCode::unavailable,
                    "not delivered to '" + subject_ + "': too many calls are in flight");
    auto attempts =
        std::make_shared<Attempts>(state_, make_message(std::move(payload), options.idempotency_key));
    attempts->send();
    const auto hedging = attempts->send_again_every(options.hedge_after, options.hedges, context_.deadline);
    const auto reply = co_await attempts->answer(context_.deadline);
    auto message = to_message(reply);
    throw_if_error(message);
    co_return message;
}

core::Task<json> Call::request_nest(json data)
{
    if (!pass_)
        throw Error(ErrorCode::unavailable,
                    "not delivered to '" + subject_ + "': too many calls are in flight");
    const auto id = core::Id::generate().to_string();
    std::string payload = "{\"pattern\":";
    core::append_json_string(payload, subject_);
    payload += ",\"data\":" + core::dump_json(data) + ",\"id\":\"" + id + "\"}";
    auto answers = std::make_shared<AnswerStream>(state_, make_message(std::move(payload), {}));
    answers->send();
    const StreamEnd end(answers);
    json value;
    while (true) {
        const auto reply = co_await answers->next(context_.deadline);
        if (take_nest_packet(reply, state_->options.json, id, value)) co_return value;
    }
}

void Call::succeeded()
{
    finished({}, {});
}

void Call::failed(const Error& error)
{
    finished(to_string(error.code()), error.what());
}

void Call::finished(std::string_view error, std::string_view detail)
{
    using telemetry::LogLevel;
    const auto took = core::Deadline::Clock::now() - started_;
    state_->metrics.observe(subject_, error, took);
    const bool is_slow = took > state_->options.slow_after;
    if (error.empty() && !is_slow) return;
    const auto milliseconds = std::chrono::duration<double, std::milli>(took).count();
    if (error.empty())
        telemetry::log(LogLevel::warn, span_, "slow call",
                       {{"subject", subject_}, {"durationMs", milliseconds}});
    else
        telemetry::log(
            LogLevel::warn, span_, "failed call",
            {{"subject", subject_}, {"code", error}, {"detail", detail}, {"durationMs", milliseconds}});
}

}  // namespace lintel::messaging
