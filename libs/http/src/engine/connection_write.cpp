#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "engine/connection.hpp"
#include "engine/endpoint.hpp"
#include "engine/response_head.hpp"
#include "lintel/core/task.hpp"

namespace lintel::http::engine {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kCopiedBody = 16 << 10;
constexpr std::size_t kKeptOutput = 16 << 10;

/// Runs a producer to its end; what it throws cuts the body, which is all that can still be told to the
/// client.
core::Task<void> produce(BodyProducer producer, std::shared_ptr<StreamBuffer> buffer)
{
    bool is_complete = true;
    try {
        co_await producer(BodyWriter(buffer));
    } catch (...) {
        is_complete = false;
    }
    buffer->finish(is_complete);
}

void append_chunk(std::string& out, std::string_view data)
{
    std::array<char, 16> size;
    const auto end = std::to_chars(size.data(), size.data() + size.size(), data.size(), 16).ptr;
    out.append(size.data(), end).append("\r\n").append(data).append("\r\n");
}

}  // namespace

void Connection::render(Answer answer)
{
    Response& response = answer.response;
    if (endpoint_->is_draining() || is_draining_) is_last_ = true;
    const bool has_body = method_ != Method::head && !has_no_body(response.status);
    const bool is_stream = static_cast<bool>(response.producer);

    Framing framing;
    framing.version = version_;
    framing.is_chunked = is_stream && version_ >= 11;
    if (!is_stream) framing.content_length = response.body.size();
    // HTTP/1.0 knows no chunks: there the end of the connection is the end of the body.
    if (is_stream && !framing.is_chunked) is_last_ = true;
    framing.keep_alive = !is_last_;
    append_head(head_, response, framing);
    if (answer.on_sent) on_sent_.push_back(std::move(answer.on_sent));
    ++unwritten_answers_;
    phase_ = Phase::idle;

    if (!has_body) return;
    if (is_stream)
        start_stream(std::move(response.producer), framing.is_chunked);
    else if (response.body.size() <= kCopiedBody)
        head_ += response.body;
    else
        tail_ = std::move(response.body);
}

bool Connection::output_is_due() const noexcept
{
    return !tail_.empty() || head_.size() > kKeptOutput || unwritten_answers_ >= limits_.pipeline_depth;
}

Connection::Step Connection::write()
{
    const std::size_t head_done = std::min(written_, head_.size());
    const std::array<asio::const_buffer, 2> buffers = {
        asio::buffer(head_) + head_done,
        asio::buffer(tail_) + (written_ - head_done),
    };
    boost::system::error_code ec;
    const std::size_t bytes = socket_.write_some(buffers, ec);
    if (ec && ec != asio::error::would_block) {
        shut();
        return Step::wait;
    }
    written_ += bytes;
    if (written_ == head_.size() + tail_.size()) {
        output_done();
        return Step::again;
    }
    if (written_ == bytes) expire_after(limits_.write_timeout);
    is_writing_ = true;
    socket_.async_wait(Socket::wait_write,
                       [self = shared_from_this()](const boost::system::error_code& error) {
                           self->is_writing_ = false;
                           if (self->phase_ == Phase::closed) return;
                           if (error) {
                               self->shut();
                               return;
                           }
                           if (self->write() == Step::again) self->run();
                       });
    return Step::wait;
}

void Connection::output_done()
{
    written_ = 0;
    unwritten_answers_ = 0;
    head_.clear();
    if (head_.capacity() > kKeptOutput) head_.shrink_to_fit();
    tail_ = {};
    if (!on_sent_.empty())
        for (auto& on_sent : std::exchange(on_sent_, {}))
            on_sent(true);
    if (phase_ == Phase::idle)
        expire_after(is_draining_ ? limits_.drain_grace : limits_.idle_timeout);
    else
        expire_at(phase_ == Phase::streaming ? Clock::time_point::max() : phase_ends_);
}

void Connection::start_stream(BodyProducer producer, bool is_chunked)
{
    phase_ = Phase::streaming;
    stream_is_chunked_ = is_chunked;
    auto& context = endpoint_->context();
    stream_ = std::make_shared<StreamBuffer>(context, limits_.stream_buffer_bytes);
    stream_->notify(
        [self = shared_from_this()] { asio::post(self->socket_.get_executor(), [self] { self->run(); }); });
    if (is_draining_) stream_->close();
    watch_for_hang_up();
    asio::post(context, [producer = std::move(producer), stream = stream_]() mutable {
        core::spawn(produce(std::move(producer), std::move(stream)));
    });
}

Connection::Step Connection::pump_stream()
{
    std::string data;
    const auto end = stream_->take(data);
    if (!data.empty()) {
        if (stream_is_chunked_)
            append_chunk(head_, data);
        else
            tail_ = std::move(data);
    }
    if (end == StreamBuffer::End::cut) {
        if (has_output()) write();
        shut();
        return Step::wait;
    }
    if (end == StreamBuffer::End::complete) {
        if (stream_is_chunked_) head_ += "0\r\n\r\n";
        stream_.reset();
        phase_ = Phase::idle;
        if (!has_output()) output_done();
        return Step::again;
    }
    return has_output() ? Step::again : Step::wait;
}

void Connection::watch_for_hang_up()
{
    socket_.async_wait(
        Socket::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
            if (self->phase_ != Phase::streaming) return;
            char byte = 0;
            boost::system::error_code ec = error;
            const std::size_t bytes =
                ec ? 0 : self->socket_.receive(asio::buffer(&byte, 1), Socket::message_peek, ec);
            // Bytes are the next request, which has to wait; watching on would only report them again.
            if (bytes == 0 && ec != asio::error::would_block) self->shut();
        });
}

}  // namespace lintel::http::engine
