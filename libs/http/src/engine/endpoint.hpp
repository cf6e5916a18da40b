#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/connection.hpp"
#include "engine/connection_quota.hpp"
#include "engine/exchange.hpp"
#include "engine/refusal.hpp"
#include "lintel/core/deadline.hpp"
#include "lintel/http/limits.hpp"

namespace lintel::http::engine {

struct EndpointOptions {
    std::string host;
    std::uint16_t port = 0;
    bool reuse_port = false;
    int backlog = 1024;
    bool reserved = false;
    Limits limits;
    std::function<void(const RefusedRequest&)> on_refused;
};

/// A listening socket and the connections that came through it. Thread-safe.
class Endpoint final : public std::enable_shared_from_this<Endpoint> {
public:
    using Dispatch = std::function<void(std::shared_ptr<Exchange>)>;

    /// Binds and listens. Throws core::Error{unavailable} that names host and port.
    Endpoint(boost::asio::io_context& context, std::shared_ptr<ConnectionQuota> quota,
             EndpointOptions options);
    ~Endpoint();

    /// Starts to accept; `dispatch` gets every request, on the strand of its connection.
    void start(Dispatch dispatch);

    /// Accepts what is queued, closes the listening socket, and lets every connection end with its next
    /// response.
    void drain();
    bool is_draining() const noexcept { return is_draining_.load(std::memory_order_relaxed); }

    /// Stops to listen at once, and closes every connection soon. Never waits, so that a pool thread may call
    /// it.
    void close();

    /// Waits, on the calling thread, until nothing listens and no connection is open; false when `deadline`
    /// passes first.
    bool wait_until_idle(core::Deadline deadline);

    const EndpointOptions& options() const noexcept { return options_; }
    std::uint16_t port() const noexcept { return port_; }
    std::size_t open_connections() const noexcept { return open_.load(std::memory_order_relaxed); }
    boost::asio::io_context& context() noexcept { return context_; }

    void dispatch(std::shared_ptr<Exchange> exchange) { dispatch_(std::move(exchange)); }
    void refused(const RefusedRequest& request) const noexcept;
    void connection_closed() noexcept;
    /// A connection is being destroyed.
    void remove(Connection& connection) noexcept;

private:
    static constexpr int kAcceptsAtOnce = 64;

    using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Strand>;
    using Timer =
        boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                          boost::asio::wait_traits<std::chrono::steady_clock>, Strand>;

    void listen();
    void accept_more();
    bool accept_queued(int most);
    void adopt(int descriptor);
    void turn_away(int descriptor, std::string_view peer);
    void retry_later();
    void stop_handshakes();
    void sweep();
    void close_acceptor();
    template <typename Function>
    void for_each_connection(Function function);

    boost::asio::io_context& context_;
    const std::shared_ptr<ConnectionQuota> quota_;
    const EndpointOptions options_;
    Strand strand_;
    Acceptor acceptor_;
    Timer retry_timer_;
    Timer drain_timer_;
    Timer sweep_timer_;
    std::uint16_t port_ = 0;
    Dispatch dispatch_;
    std::chrono::steady_clock::time_point next_warning_{};
    bool is_sweeping_ = false;
    std::atomic<bool> is_draining_{false};
    std::atomic<std::size_t> open_{0};

    std::mutex mutex_;
    std::condition_variable all_closed_;
    std::unordered_set<Connection*> connections_;
    bool is_listening_ = true;
};

}  // namespace lintel::http::engine
