#include "engine/endpoint.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

namespace lintel::http::engine {
namespace {

namespace asio = boost::asio;

/// Short limits need a short sweep; long ones must not cost a wake-up every few milliseconds.
std::chrono::milliseconds sweep_period(const Limits& limits)
{
    const auto shortest = std::min({limits.header_timeout, limits.body_timeout, limits.idle_timeout,
                                    limits.write_timeout, limits.linger_timeout, limits.drain_grace,
                                    limits.request_deadline + limits.late_answer_grace});
    return std::clamp(shortest / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(250));
}

}  // namespace

Endpoint::Endpoint(asio::io_context& context, std::shared_ptr<ConnectionQuota> quota, EndpointOptions options)
    : context_(context),
      quota_(std::move(quota)),
      options_(std::move(options)),
      strand_(context.get_executor()),
      acceptor_(strand_),
      retry_timer_(strand_),
      drain_timer_(strand_),
      sweep_timer_(strand_)
{
    listen();
}

Endpoint::~Endpoint() = default;

void Endpoint::start(Dispatch dispatch)
{
    dispatch_ = std::move(dispatch);
    asio::post(strand_, [self = shared_from_this()] { self->accept_more(); });
}

void Endpoint::refused(const RefusedRequest& request) const noexcept
{
    if (options_.on_refused) options_.on_refused(request);
}

void Endpoint::sweep()
{
    // An idle server must not wake up for nobody; the next connection starts this again.
    is_sweeping_ = open_connections() != 0;
    if (!is_sweeping_) return;
    sweep_timer_.expires_after(sweep_period(options_.limits));
    sweep_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
        if (ec) return;
        const auto now = std::chrono::steady_clock::now();
        self->for_each_connection([now](Connection& connection) { connection.check_time(now); });
        self->sweep();
    });
}

template <typename Function>
void Endpoint::for_each_connection(Function function)
{
    std::vector<std::shared_ptr<Connection>> alive;
    {
        const std::lock_guard lock(mutex_);
        alive.reserve(connections_.size());
        for (auto* connection : connections_)
            if (auto held = connection->weak_from_this().lock()) alive.push_back(std::move(held));
    }
    for (const auto& connection : alive)
        function(*connection);
}

void Endpoint::drain()
{
    is_draining_.store(true);
    asio::post(strand_, [self = shared_from_this()] {
        self->for_each_connection([](Connection& connection) { connection.drain(); });
        if (!self->acceptor_.is_open()) return;
        self->stop_handshakes();
        self->drain_timer_.expires_after(self->options_.limits.drain_grace);
        self->drain_timer_.async_wait([self](const boost::system::error_code& ec) {
            if (ec || !self->acceptor_.is_open()) return;
            self->accept_queued(self->options_.backlog);
            self->close_acceptor();
        });
    });
}

void Endpoint::close()
{
    is_draining_.store(true);
    {
        // The caller may open the address again at once, while the strand may be busy or this its only
        // thread.
        const std::lock_guard lock(mutex_);
        if (is_listening_) ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    }
    asio::post(strand_, [self = shared_from_this()] {
        self->close_acceptor();
        self->for_each_connection([](Connection& connection) { connection.close(); });
    });
}

void Endpoint::close_acceptor()
{
    retry_timer_.cancel();
    drain_timer_.cancel();
    const std::lock_guard lock(mutex_);
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    is_listening_ = false;
    if (open_.load() == 0) all_closed_.notify_all();
}

bool Endpoint::wait_until_idle(core::Deadline deadline)
{
    std::unique_lock lock(mutex_);
    return all_closed_.wait_until(lock, deadline.time(),
                                  [this] { return !is_listening_ && open_.load() == 0; });
}

void Endpoint::connection_closed() noexcept
{
    quota_->give_back(options_.reserved);
    const std::lock_guard lock(mutex_);
    open_.store(open_.load() - 1);
    if (open_.load() == 0) all_closed_.notify_all();
}

void Endpoint::remove(Connection& connection) noexcept
{
    const std::lock_guard lock(mutex_);
    connections_.erase(&connection);
}

}  // namespace lintel::http::engine
