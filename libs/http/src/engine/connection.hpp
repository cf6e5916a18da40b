#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "engine/exchange.hpp"
#include "engine/request_reader.hpp"
#include "engine/stream_buffer.hpp"
#include "lintel/core/deadline.hpp"
#include "lintel/http/limits.hpp"
#include "lintel/http/response.hpp"
#include "lintel/telemetry/context.hpp"

namespace lintel::http::engine {

class Endpoint;

using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Strand>;

/// One client's connection: reads a request, hands it on, writes the response, and again. Requests of one
/// connection are handled one after the other, because a client may pipeline requests that depend on each
/// other; responses that are ready at once leave together.
///
/// All state lives on the strand. The public functions may be called from any thread.
class Connection final : public std::enable_shared_from_this<Connection> {
public:
    Connection(Socket socket, std::string peer, std::shared_ptr<Endpoint> endpoint);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start();
    const std::string& peer() const noexcept { return peer_; }

    /// The answer to request `number`; ignored when that one has been answered or the connection is gone.
    void answer(std::uint64_t number, Response&& response, Exchange::SentHandler&& on_sent);
    /// Moves the time of the engine's own 504 for the request being dispatched, which belongs to `trace`.
    void answer_by(core::Deadline deadline, const telemetry::Trace& trace);

    /// Acts when the time limit of what the connection is doing has passed. Cheap when it has not.
    void check_time(std::chrono::steady_clock::time_point now);
    /// The next response is the last one; an idle connection gets a short grace.
    void drain();
    void close();

private:
    enum class Phase { idle, reading, handling, streaming, lingering, closed };
    enum class Step { again, wait };

    struct Answer {
        Response response;
        Exchange::SentHandler on_sent;
    };

    void run();
    Step step();
    Step parse();
    Step need_more();
    void dispatch();
    void refuse();

    void take_answer(std::uint64_t number, Answer&& answer);
    void render(Answer answer);
    void start_stream(BodyProducer producer, bool is_chunked);
    Step pump_stream();
    void watch_for_hang_up();

    bool has_output() const noexcept { return !head_.empty() || !tail_.empty(); }
    bool output_is_due() const noexcept;
    Step write();
    void output_done();

    void read_more();
    void read(std::size_t size);
    void on_read(const boost::system::error_code& ec, std::size_t bytes);
    void linger();
    void discard();
    void on_expired();
    void shut();

    using Clock = std::chrono::steady_clock;

    void expire_at(Clock::time_point time) noexcept
    {
        expires_.store(time.time_since_epoch().count(), std::memory_order_relaxed);
    }
    void expire_after(Clock::duration duration) noexcept { expire_at(Clock::now() + duration); }
    /// The time of a request, from its first byte to its answer; it goes on during a write that blocks.
    void end_phase_at(Clock::time_point time) noexcept
    {
        phase_ends_ = time;
        expire_at(time);
    }
    void end_phase_after(Clock::duration duration) noexcept { end_phase_at(Clock::now() + duration); }

    Socket socket_;
    const std::shared_ptr<Endpoint> endpoint_;
    const Limits& limits_;
    const std::string peer_;

    Phase phase_ = Phase::idle;
    bool is_draining_ = false;
    bool is_last_ = false;
    bool is_writing_ = false;
    bool is_running_ = false;
    bool is_reading_ = false;
    bool continue_sent_ = false;

    boost::beast::flat_buffer input_;
    std::optional<RequestReader> reader_;

    std::uint64_t number_ = 0;
    Method method_ = Method::other;
    int version_ = 11;
    std::optional<telemetry::Trace> trace_;
    std::optional<Answer> answer_;

    std::string head_;
    std::string tail_;
    std::size_t written_ = 0;
    std::size_t unwritten_answers_ = 0;
    std::vector<Exchange::SentHandler> on_sent_;

    std::shared_ptr<StreamBuffer> stream_;
    bool stream_is_chunked_ = false;

    Clock::time_point phase_ends_{};
    /// `phase_ends_`, or the time of whatever the connection has to do before.
    std::atomic<Clock::rep> expires_;
};

}  // namespace lintel::http::engine
