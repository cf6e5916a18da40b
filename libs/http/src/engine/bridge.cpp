#include "engine/bridge.hpp"

#include <coroutine>
#include <utility>
#include <vector>

#include <cpprest/containerstream.h>
#include <cpprest/http_headers.h>

namespace lintel::http::engine {
namespace {

namespace rest = web::http;

constexpr std::size_t kPiece = 16 << 10;

/// Lets a coroutine wait for a pplx task.
struct TaskAwaiter {
    pplx::task<std::size_t> task;

    bool await_ready() const { return task.is_done(); }
    void await_suspend(std::coroutine_handle<> awaiting)
    {
        task.then([awaiting](const pplx::task<std::size_t>&) { awaiting.resume(); });
    }
    std::size_t await_resume() { return task.get(); }
};

core::Task<void> copy_stream(concurrency::streams::istream stream, BodyWriter writer)
{
    auto source = stream.streambuf();
    std::vector<unsigned char> piece(kPiece);
    for (;;) {
        TaskAwaiter read{source.getn(piece.data(), piece.size())};
        const std::size_t bytes = co_await read;
        if (bytes == 0) co_return;
        std::string chunk(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(bytes));
        auto written = writer.write(std::move(chunk));
        if (!co_await std::move(written)) break;
    }
    auto closed = stream.close();
    closed.then([](const pplx::task<void>&) {});
}

/// True when the whole body could be taken out of its stream without waiting.
bool read_at_once(const rest::http_response& from, Response& to)
{
    std::uint64_t length = 0;
    if (!from.headers().match(rest::header_names::content_length, length)) return false;
    auto buffer = from.body().streambuf();
    if (buffer.in_avail() < length) return false;
    to.body.resize(length);
    auto* data = reinterpret_cast<unsigned char*>(to.body.data());
    auto read = buffer.getn(data, to.body.size());
    return read.is_done() && read.get() == length;
}

Response convert(const rest::http_response& from)
{
    Response to;
    to.status = from.status_code();
    for (const auto& [name, value] : from.headers())
        to.headers.add(name, value);
    if (from.body().is_valid() && !read_at_once(from, to)) {
        to.body.clear();
        to.producer = [body = from.body()](BodyWriter writer) {
            return copy_stream(body, std::move(writer));
        };
    }
    return to;
}

}  // namespace

rest::http_request make_bare_request(std::shared_ptr<Exchange> exchange)
{
    const std::string& method = exchange->message().method_text;
    auto context = std::make_unique<ExchangeContext>(exchange);
    auto request = rest::http_request::_create_request(std::move(context));
    request.set_method(method);
    return request;
}

rest::http_request make_full_request(std::shared_ptr<Exchange> exchange)
{
    IncomingMessage& message = exchange->message();
    auto request = make_bare_request(exchange);
    request.set_request_uri(web::uri(message.target));
    for (std::size_t i = 0; i < message.headers.size(); ++i) {
        const auto [name, value] = message.headers[i];
        request.headers().add(std::string(name), std::string(value));
    }
    const auto impl = request._get_impl();
    impl->_set_http_version({1, static_cast<std::uint8_t>(message.version % 10)});
    impl->_set_remote_address(exchange->peer());
    const std::size_t length = message.body.size();
    impl->set_instream(concurrency::streams::bytestream::open_istream(std::move(message.body)));
    impl->_complete(length);
    return request;
}

std::shared_ptr<Exchange> exchange_of(const rest::http_request& request)
{
    return static_cast<ExchangeContext*>(request._get_impl()->_get_server_context())->exchange;
}

pplx::task<void> send_response(rest::http_response response)
{
    auto& exchange = static_cast<ExchangeContext*>(response._get_server_context())->exchange;
    pplx::task_completion_event<void> sent;
    exchange->reply(convert(response), [sent](bool is_sent) {
        if (is_sent)
            sent.set();
        else
            sent.set_exception(
                rest::http_exception("the connection was closed before the response was sent"));
    });
    return pplx::create_task(sent);
}

}  // namespace lintel::http::engine
