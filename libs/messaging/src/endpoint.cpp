#include "endpoint.hpp"

#include <boost/asio/defer.hpp>
#include <boost/asio/io_context.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/idempotency_key.hpp"
#include "lintel/core/time.hpp"
#include "lintel/telemetry/log.hpp"
#include "wire_headers.hpp"

namespace lintel::messaging {

using core::Deadline;
using core::Error;
using core::ErrorCode;
using telemetry::LogLevel;

namespace {

/// The status under which a request that was answered is logged.
constexpr int kAnswered = 200;

telemetry::Counter dropped_counter(telemetry::Metrics& metrics, const char* reason)
{
    return metrics.counter("messaging_dropped_messages_total", "Messages dropped, and why",
                           {{"reason", reason}});
}

/// Nothing when the header is no time.
std::optional<Deadline> deadline_of(const Headers& headers, const ServiceLimits& limits)
{
    const auto* text = find_header(headers, kDeadline);
    if (!text) return Deadline::after(limits.default_deadline);
    const auto wall = core::parse_rfc3339(*text);
    if (!wall) return std::nullopt;
    return Deadline::at(*wall).at_most(limits.max_deadline);
}

telemetry::Trace trace_of(const Headers& headers)
{
    const auto* parent = find_header(headers, kTraceparent);
    const auto* state = find_header(headers, kTracestate);
    return telemetry::Trace::from_traceparent(parent ? std::string_view(*parent) : std::string_view(),
                                              state ? std::string_view(*state) : std::string_view());
}

LogLevel level_of(ErrorCode code) noexcept
{
    if (code == ErrorCode::internal) return LogLevel::error;
    return http_status(code) >= 500 ? LogLevel::warn : LogLevel::info;
}

}  // namespace

ServiceContext::ServiceContext(Connection::State& on, const ServiceLimits& with)
    : connection(on),
      limits(with),
      metrics(on.metrics, "rpc_server_call_duration_seconds", "Requests answered, from delivery to answer"),
      dropped_late(dropped_counter(on.metrics, "deadline_passed")),
      dropped_full(dropped_counter(on.metrics, "overload")),
      lost_replies(on.metrics.counter("messaging_lost_replies_total", "Answers there was no connection for")),
      request_log(with.request_log)
{
}

Endpoint::Endpoint(std::shared_ptr<ServiceContext> context, EndpointOptions options, Handler handler)
    : service_(std::move(context)),
      options_(std::move(options)),
      handler_(std::move(handler)),
      gate_(options_.max_in_flight.value_or(service_->limits.max_in_flight))
{
}

EndpointStats Endpoint::stats() const
{
    std::lock_guard lock(stats_mutex_);
    return stats_;
}

void Endpoint::deliver(std::vector<Incoming> messages)
{
    std::vector<Arrival> arrivals;
    arrivals.reserve(messages.size());
    for (auto& message : messages) {
        auto pass = gate_.try_enter();
        if (!pass && refusals_.fetch_add(1) >= service_->limits.max_refusals) {
            --refusals_;
            service_->dropped_full.add();
            continue;
        }
        arrivals.push_back({std::move(message), std::move(pass)});
    }
    // Deferred, not posted: on an executor thread it runs next on this very thread, without waking another
    // one.
    boost::asio::defer(service_->connection.executor.context(),
                       [self = shared_from_this(), arrivals = std::move(arrivals)]() mutable {
                           for (auto& arrival : arrivals)
                               core::spawn(self->handle(std::move(arrival)));
                       });
}

core::Task<void> Endpoint::handle(Arrival arrival)
{
    const auto self = shared_from_this();
    const auto started = Deadline::Clock::now();
    if (!arrival.pass) --refusals_;
    auto headers = arrival.message.headers();
    const auto deadline = deadline_of(headers, service_->limits);
    if (deadline && deadline->has_passed()) {
        service_->dropped_late.add();
        co_return;
    }
    const telemetry::Context context{trace_of(headers), deadline.value_or(Deadline::after({}))};
    Responder responder(service_->connection, arrival.message, {});
    std::optional<Error> failure;
    std::string text;
    try {
        auto packet = read(arrival.message, responder);
        if (!deadline) throw Error(ErrorCode::malformed, "the header Deadline must be an RFC 3339 time");
        text = co_await answer(arrival, std::move(packet), std::move(headers), context);
    } catch (const Error& error) {
        failure = error;
    } catch (const std::exception& error) {
        failure.emplace(ErrorCode::internal, error.what());
    } catch (...) {
        failure.emplace(ErrorCode::internal, "internal error");
    }
    if (failure) failure = shown(*failure, context.trace);
    if (!failure) failure = responder.obstacle_to(text);
    const bool is_sent =
        failure ? responder.reply_error(*failure, context.trace.trace_id()) : responder.reply(text);
    if (!is_sent) service_->lost_replies.add();
    finished(context.trace, failure ? &*failure : nullptr, started);
}

Packet Endpoint::read(const Incoming& message, Responder& responder) const
{
    try {
        auto packet = parse_packet(message.payload(), service_->limits.json);
        responder.set_envelope(packet.envelope);
        return packet;
    } catch (const Error& error) {
        const auto envelope = guess_envelope(message.payload());
        responder.set_envelope(envelope);
        if (envelope.kind == PacketKind::plain) throw;
        throw with_pointers_into_data(error);
    }
}

Error Endpoint::shown(const Error& failure, const telemetry::Trace& trace) const
{
    if (failure.code() != ErrorCode::internal) return failure;
    telemetry::log(LogLevel::error, trace, "handler failed",
                   {{"subject", options_.subject}, {"reason", failure.what()}});
    return Error(ErrorCode::internal, "internal error");
}

core::Task<std::string> Endpoint::answer(const Arrival& arrival, Packet packet, Headers headers,
                                         telemetry::Context context)
{
    if (!arrival.pass)
        throw Error(ErrorCode::unavailable, gate_.is_closed() ? "this replica is shutting down"
                                                              : "too many requests are being handled");
    auto request = make_request(arrival, std::move(packet), std::move(headers), std::move(context));
    return handler_(std::move(request));
}

Request Endpoint::make_request(const Arrival& arrival, Packet packet, Headers headers,
                               telemetry::Context context) const
{
    Request request(std::move(context), std::string(arrival.message.subject()),
                    std::make_shared<const nlohmann::json>(std::move(packet.data)));
    request.is_event = arrival.message.reply().empty() || packet.envelope.kind == PacketKind::nest_event;
    request.headers = std::move(headers);
    if (const auto* key = find_header(request.headers, kIdempotencyKey))
        request.idempotency_key = core::parse_idempotency_key(*key);
    return request;
}

void Endpoint::finished(const telemetry::Trace& trace, const Error* error,
                        Deadline::Clock::time_point started)
{
    const auto took = Deadline::Clock::now() - started;
    const auto code = error ? to_string(error->code()) : std::string_view();
    service_->metrics.observe(options_.subject, code, took);
    {
        std::lock_guard lock(stats_mutex_);
        ++stats_.requests;
        stats_.processing_time += took;
        if (error) {
            ++stats_.errors;
            stats_.last_error = std::to_string(http_status(error->code())) + ":" + error->what();
        }
    }
    log_request(trace, error, took);
}

void Endpoint::log_request(const telemetry::Trace& trace, const Error* error, Deadline::Clock::duration took)
{
    const int status = error ? http_status(error->code()) : kAnswered;
    if (!service_->request_log.wants(status, took)) return;
    telemetry::log(error ? level_of(error->code()) : LogLevel::info, trace, "request",
                   {{"subject", options_.subject},
                    {"status", status},
                    {"durationMs", std::chrono::duration<double, std::milli>(took).count()},
                    {"detail", error ? error->what() : ""}});
}

}  // namespace lintel::messaging
