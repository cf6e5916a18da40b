#include "service_point.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <utility>

#include "engine/message.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/time.hpp"
#include "lintel/http/problem.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::http {
namespace {

using core::Error;
using core::ErrorCode;
using Clock = std::chrono::steady_clock;

core::Deadline deadline_of(const Headers& headers, std::chrono::milliseconds longest)
{
    const auto own = core::Deadline::after(longest);
    const auto text = headers.find("Deadline");
    if (!text) return own;
    const auto wall = core::parse_rfc3339(*text);
    if (!wall) throw Error(ErrorCode::malformed, "the Deadline header is not an RFC 3339 time");
    const auto asked = core::Deadline::at(*wall);
    if (asked.has_passed())
        throw Error(ErrorCode::deadline_exceeded, "the deadline had passed when the request came");
    return std::min(own, asked);
}

}  // namespace

struct ServicePoint::Job {
    std::shared_ptr<engine::Exchange> exchange;
    Clock::time_point started = Clock::now();
    std::optional<core::Gate::Pass> active;
    std::optional<core::Gate::Pass> in_flight;
    std::optional<core::Gate::Pass> waiting;
    telemetry::Context context{telemetry::Trace{}, core::Deadline(started)};
    Method method = Method::other;
    std::string path;
    const Route* route = nullptr;
    const Route::Entry* entry = nullptr;
    Request request;
};

ServicePoint::ServicePoint(telemetry::Metrics& metrics, core::Gate& in_flight, core::Gate& waiting,
                           Router router, const ServerOptions& options)
    : router_(std::move(router)),
      options_(options),
      in_flight_(in_flight),
      waiting_(waiting),
      active_(std::numeric_limits<std::size_t>::max()),
      metrics_(metrics, router_.table().routes().size()),
      request_log_(options.request_log)
{
}

void ServicePoint::accept(std::shared_ptr<engine::Exchange> exchange)
{
    core::spawn(serve(shared_from_this(), std::move(exchange)));
}

core::Task<void> ServicePoint::serve(std::shared_ptr<ServicePoint> self,
                                     std::shared_ptr<engine::Exchange> exchange)
{
    Job job;
    job.exchange = std::move(exchange);
    job.active = self->active_.try_enter();
    Response response;
    try {
        response = co_await self->respond(job);
    } catch (...) {
        self->report(job, std::current_exception());
        response = problem(to_error(std::current_exception()), job.path, job.context.trace.trace_id());
        if (response.status == 405 && job.route) response.headers.add("Allow", job.route->allow());
    }
    self->finish(job, std::move(response));
}

core::Task<Response> ServicePoint::respond(Job& job)
{
    read_context(job);
    read_request(job);
    if (!job.entry) co_return answer_without_handler(job);
    if (options_.authorize && !job.entry->options.is_public) options_.authorize(job.request);
    if (!options_.reserved && !job.entry->options.is_exempt_from_overload) {
        job.in_flight = in_flight_.try_enter();
        if (!job.in_flight) {
            metrics_.overloaded();
            throw Error(ErrorCode::unavailable, "too many requests are in flight");
        }
    }
    if (job.entry->options.asked_wait) grant_wait(job);
    co_return co_await job.entry->handler(std::move(job.request));
}

void ServicePoint::read_context(Job& job) const
{
    const auto& message = job.exchange->message();
    job.method = message.method;
    const auto traceparent = message.headers.find("traceparent");
    const auto tracestate = message.headers.find("tracestate");
    job.context.trace =
        traceparent ? telemetry::Trace::from_traceparent(*traceparent, tracestate.value_or("")).child()
                    : telemetry::Trace::start();
    job.context.deadline = core::Deadline(job.started + options_.limits.request_deadline);
    limit_time(job, message.headers, options_.limits.request_deadline);
}

void ServicePoint::limit_time(Job& job, const Headers& headers, std::chrono::milliseconds longest) const
{
    job.context.deadline = deadline_of(headers, longest);
    const core::Deadline latest(job.context.deadline.time() + options_.limits.late_answer_grace);
    job.exchange->answer_by(latest, job.context.trace);
}

void ServicePoint::grant_wait(Job& job) const
{
    const auto wait = job.entry->options.asked_wait(job.request);
    if (wait <= std::chrono::milliseconds(0)) return;
    job.waiting = waiting_.try_enter();
    if (!job.waiting) return;
    limit_time(job, job.request.headers, options_.limits.request_deadline + wait);
    job.request.context.deadline = job.context.deadline;
}

void ServicePoint::read_request(Job& job) const
{
    auto& message = job.exchange->message();
    const Target target = parse_target(message.target);
    job.path = target.path;
    auto match = router_.table().match(target.path);
    job.route = match.route;
    if (!job.route) return;
    job.entry = job.route->find(job.method);
    if (!job.entry) return;

    Request& request = job.request;
    request.method = job.method;
    request.path = job.path;
    request.route = job.route->path_template;
    request.path_parameters = std::move(match.parameters);
    request.query = Query::parse(target.query);
    request.headers = std::move(message.headers);
    request.body = std::move(message.body);
    request.json_limits = {.bytes = options_.limits.body_bytes, .depth = options_.limits.json_depth};
    request.context = job.context;
    request.peer = job.exchange->peer();
}

Response ServicePoint::answer_without_handler(const Job& job) const
{
    const bool asks_options = job.method == Method::options;
    if (asks_options && job.path == "*") return Response::no_content();
    if (!job.route) throw Error(ErrorCode::not_found, "nothing is served at this path");
    if (asks_options) return Response::no_content().with_header("Allow", job.route->allow());
    throw Error(ErrorCode::method_not_allowed, "this path does not serve the method");
}

void ServicePoint::finish(Job& job, Response&& response)
{
    const int status = response.status;
    response.headers.set("traceparent", job.context.trace.traceparent());
    job.in_flight.reset();
    job.waiting.reset();
    if (!response.producer || job.method == Method::head) {
        // The engine has answered for a handler this late.
        const auto latest = job.context.deadline.time() + options_.limits.late_answer_grace;
        record(job, Clock::now() > latest ? core::http_status(ErrorCode::deadline_exceeded) : status);
        job.exchange->reply(std::move(response));
        return;
    }
    // A stream counts until its end, except for in_flight: a thousand listeners must not keep out every
    // request.
    auto streaming = std::make_shared<Job>(std::move(job));
    auto exchange = streaming->exchange;
    streaming->exchange.reset();
    response.producer = [self = shared_from_this(), streaming, status,
                         producer = std::move(response.producer)](BodyWriter writer) -> core::Task<void> {
        const auto held = streaming;
        co_await producer(std::move(writer));
        self->record(*held, status);
    };
    exchange->reply(std::move(response));
}

void ServicePoint::record(const Job& job, int status)
{
    const auto duration = Clock::now() - job.started;
    const std::string_view route =
        job.route ? std::string_view(job.route->path_template) : std::string_view();
    metrics_.observe(job.route ? job.route->index : std::numeric_limits<std::size_t>::max(), route,
                     job.method, status, duration);
    if (!request_log_.wants(status, duration)) return;
    const auto level = status >= 500 ? telemetry::LogLevel::warn : telemetry::LogLevel::info;
    telemetry::log(level, job.context.trace, "request",
                   {{"method", to_string(job.method)},
                    {"route", route},
                    {"path", job.path},
                    {"status", status},
                    {"durationMs", std::chrono::duration<double, std::milli>(duration).count()},
                    {"peer", job.exchange ? std::string_view(job.exchange->peer()) : std::string_view()}});
}

void ServicePoint::refused(const engine::RefusedRequest& request) noexcept
{
    metrics_.refused(request.refusal);
    // The endpoint warns of those by itself: they are connections that it cannot even accept.
    if (request.refusal == engine::Refusal::out_of_descriptors || !request_log_.wants_refused()) return;
    const auto level = request.refusal == engine::Refusal::too_many_connections ? telemetry::LogLevel::warn
                                                                                : telemetry::LogLevel::info;
    const telemetry::LogFields fields = {
        {"reason", engine::to_string(request.refusal)}, {"detail", request.detail}, {"peer", request.peer}};
    if (request.trace)
        telemetry::log(level, *request.trace, "request refused", fields);
    else
        telemetry::log(level, "request refused", fields);
}

void ServicePoint::report(const Job& job, std::exception_ptr exception) const noexcept
{
    try {
        std::rethrow_exception(std::move(exception));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::internal) return;
        telemetry::log(telemetry::LogLevel::error, job.context.trace, "handler failed",
                       {{"error", error.what()}});
    } catch (const std::exception& error) {
        telemetry::log(telemetry::LogLevel::error, job.context.trace, "handler failed",
                       {{"error", error.what()}});
    } catch (...) {
        telemetry::log(telemetry::LogLevel::error, job.context.trace, "handler failed",
                       {{"error", "not an exception"}});
    }
}

}  // namespace lintel::http
