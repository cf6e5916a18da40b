#include <utility>

#include "engine/connection.hpp"
#include "engine/endpoint.hpp"
#include "lintel/core/error.hpp"
#include "lintel/http/problem.hpp"
#include "lintel/telemetry/context.hpp"

namespace lintel::http::engine {
namespace {

constexpr std::size_t kFirstRead = 2 << 10;
constexpr std::size_t kBodyRead = 16 << 10;
constexpr std::size_t kKeptInput = 8 << 10;

core::ErrorCode code_of(Refusal refusal) noexcept
{
    switch (refusal) {
        case Refusal::headers_too_large:
            return core::ErrorCode::headers_too_large;
        case Refusal::body_too_large:
            return core::ErrorCode::too_large;
        default:
            return core::ErrorCode::malformed;
    }
}

}  // namespace

Connection::Step Connection::parse()
{
    if (!reader_) reader_.emplace(limits_);
    const auto bytes = input_.data();
    if (bytes.size() != 0) {
        if (phase_ == Phase::idle) {
            phase_ = Phase::reading;
            end_phase_after(limits_.header_timeout);
        }
        const bool had_headers = reader_->has_headers();
        input_.consume(reader_->feed({static_cast<const char*>(bytes.data()), bytes.size()}));
        if (!had_headers && reader_->has_headers()) end_phase_after(limits_.body_timeout);
    }
    switch (reader_->state()) {
        case RequestReader::State::complete:
            dispatch();
            return Step::again;
        case RequestReader::State::refused:
            refuse();
            return Step::again;
        case RequestReader::State::incomplete:
            break;
    }
    return need_more();
}

Connection::Step Connection::need_more()
{
    if (has_output()) return write();
    if (!continue_sent_ && reader_->expects_continue()) {
        continue_sent_ = true;
        head_ += "HTTP/1.1 100 Continue\r\n\r\n";
        return write();
    }
    read_more();
    return Step::wait;
}

void Connection::dispatch()
{
    auto& message = reader_->message();
    phase_ = Phase::handling;
    method_ = message.method;
    version_ = message.version;
    is_last_ = !reader_->keeps_alive();
    ++number_;
    continue_sent_ = false;
    trace_.reset();
    auto exchange = std::make_shared<Exchange>(shared_from_this(), number_, std::move(message));
    reader_.reset();
    end_phase_after(limits_.request_deadline + limits_.late_answer_grace);
    endpoint_->dispatch(std::move(exchange));
}

void Connection::refuse()
{
    const Refusal refusal = reader_->refusal();
    const auto trace = telemetry::Trace::start();
    endpoint_->refused({refusal, peer_, reader_->reason(), trace});
    method_ = Method::other;
    version_ = 11;
    is_last_ = true;
    const core::Error error(code_of(refusal), std::string(reader_->reason()));
    phase_ = Phase::handling;
    answer_ = Answer{problem(error, {}, trace.trace_id()), {}};
}

void Connection::read_more()
{
    if (phase_ == Phase::idle && input_.capacity() > kKeptInput) input_ = {};
    read(reader_->has_headers() ? kBodyRead : kFirstRead);
}

void Connection::read(std::size_t size)
{
    is_reading_ = true;
    socket_.async_read_some(
        input_.prepare(size),
        [self = shared_from_this()](const boost::system::error_code& ec, std::size_t bytes) {
            self->is_reading_ = false;
            self->on_read(ec, bytes);
        });
}

void Connection::on_read(const boost::system::error_code& ec, std::size_t bytes)
{
    if (phase_ == Phase::closed) return;
    if (ec) {
        shut();
    } else if (phase_ == Phase::lingering) {
        discard();
    } else {
        input_.commit(bytes);
        run();
    }
}

void Connection::linger()
{
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    phase_ = Phase::lingering;
    expire_after(limits_.linger_timeout);
    // An idle connection has its read under way; on_read() goes on from there.
    if (!is_reading_) discard();
}

void Connection::discard()
{
    input_.clear();
    read(kKeptInput);
}

}  // namespace lintel::http::engine
