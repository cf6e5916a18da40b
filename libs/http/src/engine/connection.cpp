#include "engine/connection.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "engine/endpoint.hpp"
#include "lintel/http/problem.hpp"
#include "lintel/telemetry/context.hpp"

namespace lintel::http::engine {
namespace {

namespace asio = boost::asio;

}  // namespace

Connection::Connection(Socket socket, std::string peer, std::shared_ptr<Endpoint> endpoint)
    : socket_(std::move(socket)),
      endpoint_(std::move(endpoint)),
      limits_(endpoint_->options().limits),
      peer_(std::move(peer)),
      expires_((std::chrono::steady_clock::now() + limits_.header_timeout).time_since_epoch().count())
{
}

Connection::~Connection()
{
    if (phase_ != Phase::closed) endpoint_->connection_closed();
    endpoint_->remove(*this);
}

void Connection::start()
{
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->run(); });
}

void Connection::answer(std::uint64_t number, Response&& response, Exchange::SentHandler&& on_sent)
{
    Answer answer{std::move(response), std::move(on_sent)};
    if (socket_.get_executor().running_in_this_thread()) {
        take_answer(number, std::move(answer));
        return;
    }
    asio::post(socket_.get_executor(),
               [self = shared_from_this(), number, answer = std::move(answer)]() mutable {
                   self->take_answer(number, std::move(answer));
               });
}

void Connection::answer_by(core::Deadline deadline, const telemetry::Trace& trace)
{
    trace_ = trace;
    end_phase_at(deadline.time());
}

void Connection::take_answer(std::uint64_t number, Answer&& answer)
{
    if (phase_ != Phase::handling || number != number_ || answer_) {
        if (answer.on_sent) answer.on_sent(false);
        return;
    }
    answer_ = std::move(answer);
    run();
}

void Connection::run()
{
    // An answer that comes while the handler is being called finds the loop already running further up the
    // stack.
    if (is_running_) return;
    is_running_ = true;
    while (step() == Step::again) {
    }
    is_running_ = false;
}

Connection::Step Connection::step()
{
    if (phase_ == Phase::closed || phase_ == Phase::lingering || is_writing_) return Step::wait;
    // A stream that has ended may wake the connection once more: by then the read for the next request waits.
    if (is_reading_) return Step::wait;
    if (answer_) {
        render(*std::exchange(answer_, std::nullopt));
        return Step::again;
    }
    const bool waits_for_handler = phase_ == Phase::handling || phase_ == Phase::streaming;
    if (has_output() && (waits_for_handler || is_last_ || output_is_due())) return write();
    if (phase_ == Phase::streaming) return pump_stream();
    if (waits_for_handler) return Step::wait;
    if (is_last_) {
        linger();
        return Step::wait;
    }
    return parse();
}

void Connection::check_time(std::chrono::steady_clock::time_point now)
{
    if (now.time_since_epoch().count() < expires_.load(std::memory_order_relaxed)) return;
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->on_expired(); });
}

void Connection::on_expired()
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    if (phase_ == Phase::closed || now < expires_.load(std::memory_order_relaxed)) return;
    if (phase_ == Phase::handling && !is_writing_) {
        const core::Error error(core::ErrorCode::deadline_exceeded,
                                "no answer in time; whether the request took effect is not known");
        take_answer(number_, {problem(error, {}, trace_.value_or(telemetry::Trace::start()).trace_id()), {}});
        return;
    }
    if (phase_ == Phase::idle && is_draining_) {
        linger();
        return;
    }
    if (is_writing_)
        endpoint_->refused({Refusal::timed_out, peer_, "the client does not read its response", trace_});
    else if (phase_ == Phase::reading)
        endpoint_->refused({Refusal::timed_out, peer_, "the request was not complete in time"});
    shut();
}

void Connection::drain()
{
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        if (self->phase_ == Phase::closed) return;
        self->is_draining_ = true;
        if (self->phase_ == Phase::idle) self->expire_after(self->limits_.drain_grace);
        if (self->stream_) self->stream_->close();
    });
}

void Connection::close()
{
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->shut(); });
}

void Connection::shut()
{
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (stream_) {
        stream_->close();
        stream_->notify({});
    }
    for (auto& on_sent : std::exchange(on_sent_, {}))
        on_sent(false);
    if (answer_ && answer_->on_sent) answer_->on_sent(false);
    answer_.reset();
    endpoint_->connection_closed();
}

}  // namespace lintel::http::engine
