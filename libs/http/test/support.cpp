#include "support.hpp"

#include <utility>

#include "lintel/core/error.hpp"
#include "lintel/http/headers.hpp"

namespace lintel::http::test {
namespace {

using core::Task;

Task<Response> echo(Request request)
{
    co_return Response::text(200, std::move(request.body));
}

Task<Response> describe(Request request)
{
    std::string text = std::string(to_string(request.method)) + " " + request.path_parameter("name") + " ";
    for (const auto& [name, value] : request.query.parameters())
        text += name + "=" + value + ";";
    co_return Response::text(200, std::move(text));
}

Handler slow(core::Executor& executor)
{
    return [&executor](Request request) -> Task<Response> {
        const std::chrono::milliseconds wait(std::stoi(request.path_parameter("ms")));
        co_await executor.sleep(wait);
        co_return Response::text(200, "slow");
    };
}

Task<Response> fail(Request request)
{
    if (request.path_parameter("how") == "badly") throw std::runtime_error("password=hunter2");
    throw core::Error(core::ErrorCode::conflict, "there is one already");
}

Task<Response> large(Request request)
{
    co_return Response::text(200, std::string(std::stoul(request.path_parameter("bytes")), 'x'));
}

Task<Response> count_up(Request)
{
    co_return Response::stream("text/event-stream", [](BodyWriter body) -> Task<void> {
        for (int i = 0; i < 3; ++i)
            co_await body.write(std::to_string(i) + "\n");
    });
}

Handler count_for_ever(core::Executor& executor)
{
    return [&executor](Request) -> Task<Response> {
        co_return Response::stream("text/event-stream", [&executor](BodyWriter body) -> Task<void> {
            while (co_await body.write("tick\n"))
                co_await executor.sleep(std::chrono::milliseconds(10));
        });
    };
}

Task<Response> break_off(Request)
{
    co_return Response::stream("text/plain", [](BodyWriter body) -> Task<void> {
        co_await body.write("half");
        throw std::runtime_error("the source is gone");
    });
}

Task<Response> trace(Request request)
{
    co_return Response::text(200, request.context.trace.trace_id());
}

std::chrono::milliseconds asked_wait(const Request& request)
{
    const auto text = request.path_parameter("ms");
    if (text == "soon") throw core::Error(core::ErrorCode::invalid, "not a number of milliseconds");
    return std::chrono::milliseconds(std::stoi(text));
}

Router routes()
{
    auto& executor = runtime().executor();
    Router router;
    router.add(Method::post, "/echo", echo);
    router.add(Method::put, "/echo", echo);
    router.add(Method::get, "/say/{name}", describe);
    router.add(Method::get, "/slow/{ms}", slow(executor));
    RouteOptions waits;
    waits.asked_wait = asked_wait;
    router.add(Method::get, "/wait/{ms}", slow(executor), std::move(waits));
    router.add(Method::get, "/fail/{how}", fail);
    router.add(Method::get, "/large/{bytes}", large);
    router.add(Method::get, "/count", count_up);
    router.add(Method::get, "/ticks", count_for_ever(executor));
    router.add(Method::get, "/half", break_off);
    router.add(Method::get, "/trace", trace);
    router.add(Method::get, "/health", echo, {true, true});
    return router;
}

}  // namespace

Runtime& runtime()
{
    static Runtime instance(2, kProcessLimits);
    return instance;
}

telemetry::Metrics& metrics()
{
    // Made first and so destroyed last: gauges hold endpoints of it.
    runtime();
    static telemetry::Metrics instance;
    return instance;
}

Limits quick_limits()
{
    using namespace std::chrono_literals;
    Limits limits;
    limits.header_timeout = 300ms;
    limits.body_timeout = 600ms;
    limits.idle_timeout = 1'000ms;
    limits.write_timeout = 800ms;
    limits.linger_timeout = 300ms;
    limits.drain_grace = 100ms;
    limits.request_deadline = 2'000ms;
    limits.late_answer_grace = 200ms;
    return limits;
}

TestServer::TestServer(ServerOptions options, Limits limits)
    : server_(runtime(), metrics(), routes(), [&] {
          options.limits = limits;
          return std::move(options);
      }())
{
    server_.start();
}

std::optional<std::string> Reply::header(std::string_view name) const
{
    std::string_view rest = head;
    while (!rest.empty()) {
        const auto end = std::min(rest.find("\r\n"), rest.size());
        const auto line = rest.substr(0, end);
        const auto colon = line.find(": ");
        if (colon != std::string_view::npos && equals_ignoring_case(line.substr(0, colon), name))
            return std::string(line.substr(colon + 2));
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return std::nullopt;
}

std::string Reply::code() const
{
    const std::string mark = "\"code\":\"";
    const auto at = body.find(mark);
    if (at == std::string::npos) return {};
    return body.substr(at + mark.size(), body.find('"', at + mark.size()) - at - mark.size());
}

Reply Client::read(std::chrono::milliseconds patience, bool has_body)
{
    Reply reply;
    if (buffer_.find("\r\n\r\n") == std::string::npos) buffer_ += tcp_.read_until("\r\n\r\n", patience);
    const auto end = buffer_.find("\r\n\r\n");
    if (end == std::string::npos) return reply;
    reply.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    reply.status = std::stoi(reply.head.substr(9, 3));
    const auto length = reply.header("Content-Length");
    if (!has_body || !length) return reply;
    const auto size = std::stoul(*length);
    while (buffer_.size() < size) {
        const auto more = tcp_.read_some(patience);
        if (more.empty()) break;
        buffer_ += more;
    }
    reply.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return reply;
}

std::string Client::read_rest(std::chrono::milliseconds patience)
{
    return std::exchange(buffer_, {}) + tcp_.read_all(patience);
}

std::string get(std::string_view path, std::string_view headers)
{
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n";
}

std::string post(std::string_view path, std::string_view body, std::string_view headers)
{
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace lintel::http::test
