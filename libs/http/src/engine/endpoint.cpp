#include "engine/endpoint.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include "engine/response_head.hpp"
#include "lintel/core/error.hpp"
#include "lintel/http/problem.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::http::engine {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr int kAcceptsAtOnce = 64;
constexpr std::chrono::milliseconds kAcceptRetry{100};
constexpr std::chrono::seconds kWarningPause{10};

/// Short limits need a short sweep; long ones must not cost a wake-up every few milliseconds.
std::chrono::milliseconds sweep_period(const Limits& limits)
{
    const auto shortest = std::min({limits.header_timeout, limits.body_timeout, limits.idle_timeout,
                                    limits.write_timeout, limits.linger_timeout, limits.drain_grace,
                                    limits.request_deadline + limits.late_answer_grace});
    return std::clamp(shortest / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(250));
}

std::string address_text(const sockaddr_storage& address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    } else if (address.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    }
    return text.data();
}

}  // namespace

bool ConnectionQuota::try_take(bool reserved) noexcept
{
    if (all_.fetch_add(1) >= limits_.connections) {
        all_.fetch_sub(1);
        return false;
    }
    if (reserved) return true;
    const auto most = limits_.connections - std::min(limits_.connections, limits_.reserved_connections);
    if (ordinary_.fetch_add(1) < most) return true;
    ordinary_.fetch_sub(1);
    all_.fetch_sub(1);
    return false;
}

void ConnectionQuota::give_back(bool reserved) noexcept
{
    if (!reserved) ordinary_.fetch_sub(1);
    all_.fetch_sub(1);
}

Endpoint::Endpoint(asio::io_context& context, std::shared_ptr<ConnectionQuota> quota, EndpointOptions options)
    : context_(context),
      quota_(std::move(quota)),
      options_(std::move(options)),
      strand_(context.get_executor()),
      acceptor_(strand_),
      retry_timer_(strand_),
      sweep_timer_(strand_)
{
    listen();
}

Endpoint::~Endpoint() = default;

void Endpoint::listen()
{
    const auto where = options_.host + ":" + std::to_string(options_.port);
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(options_.host, ec);
    if (ec)
        throw core::Error(core::ErrorCode::invalid,
                          "cannot listen on " + where + ": the host is not an address");
    const tcp::endpoint endpoint(address, options_.port);
    try {
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(asio::socket_base::reuse_address(true));
        if (options_.reuse_port) acceptor_.set_option(ReusePort(true));
        acceptor_.bind(endpoint);
        acceptor_.listen(options_.backlog);
        acceptor_.non_blocking(true);
        port_ = acceptor_.local_endpoint().port();
    } catch (const boost::system::system_error& error) {
        std::string detail = "cannot listen on " + where + ": " + error.code().message();
        if (error.code() == asio::error::address_in_use)
            detail += "; stop what listens there or choose another port";
        throw core::Error(core::ErrorCode::unavailable, detail);
    }
}

void Endpoint::start(Dispatch dispatch)
{
    dispatch_ = std::move(dispatch);
    asio::post(strand_, [self = shared_from_this()] {
        self->accept_more();
        self->sweep();
    });
}

void Endpoint::accept_more()
{
    if (!acceptor_.is_open()) return;
    acceptor_.async_wait(Acceptor::wait_read,
                         [self = shared_from_this()](const boost::system::error_code& ec) {
                             if (ec || !self->acceptor_.is_open()) return;
                             if (self->accept_queued(kAcceptsAtOnce))
                                 self->accept_more();
                             else
                                 self->retry_later();
                         });
}

bool Endpoint::accept_queued(int most)
{
    for (int i = 0; i < most; ++i) {
        const int descriptor =
            ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            adopt(descriptor);
            continue;
        }
        // A connection that was reset while it was queued is no reason to stop; nor is a signal.
        if (errno == ECONNABORTED || errno == EINTR || errno == EPROTO) continue;
        return errno == EAGAIN;
    }
    return true;
}

void Endpoint::retry_later()
{
    // The descriptor limit is reached. The queued connection stays readable, so waiting on the socket would
    // spin.
    refused(Refusal::out_of_descriptors);
    const auto now = std::chrono::steady_clock::now();
    if (now >= next_warning_) {
        next_warning_ = now + kWarningPause;
        telemetry::log(telemetry::LogLevel::warn, "out of file descriptors", {{"port", port_}});
    }
    retry_timer_.expires_after(kAcceptRetry);
    retry_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
        if (!ec) self->accept_more();
    });
}

void Endpoint::adopt(int descriptor)
{
    if (!quota_->try_take(options_.reserved)) {
        turn_away(descriptor);
        return;
    }
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &length);

    Socket socket{Strand(context_.get_executor())};
    boost::system::error_code ec;
    socket.assign(peer.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor, ec);
    if (ec) {
        ::close(descriptor);
        quota_->give_back(options_.reserved);
        return;
    }
    socket.non_blocking(true, ec);
    socket.set_option(tcp::no_delay(true), ec);
    auto connection = std::make_shared<Connection>(std::move(socket), address_text(peer), shared_from_this());
    {
        const std::lock_guard lock(mutex_);
        connections_.insert(connection.get());
        open_.store(open_.load() + 1);
    }
    connection->start();
    if (is_draining()) connection->drain();
}

void Endpoint::turn_away(int descriptor)
{
    refused(Refusal::too_many_connections);
    std::string text;
    const auto response = problem(core::Error(core::ErrorCode::unavailable, "too many connections"), {}, {});
    append_head(text, response, {response.body.size(), false, false, 11});
    text += response.body;
    // What the client has sent already is read first, because closing over it would reset the connection.
    std::array<char, 4096> discarded;
    [[maybe_unused]] const auto read = ::recv(descriptor, discarded.data(), discarded.size(), MSG_DONTWAIT);
    [[maybe_unused]] const auto sent =
        ::send(descriptor, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::shutdown(descriptor, SHUT_WR);
    ::close(descriptor);
}

void Endpoint::refused(Refusal refusal) const noexcept
{
    if (options_.on_refused) options_.on_refused(refusal);
}

void Endpoint::sweep()
{
    if (is_closed_.load() && open_connections() == 0) return;
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
        // Who is in the kernel's queue has been promised a connection; closing the socket would reset them.
        if (self->acceptor_.is_open()) self->accept_queued(self->options_.backlog);
        self->close_acceptor();
        self->for_each_connection([](Connection& connection) { connection.drain(); });
    });
}

void Endpoint::close()
{
    is_draining_.store(true);
    is_closed_.store(true);
    {
        // The caller may open the address again at once, while the strand may be busy or this its only
        // thread.
        const std::lock_guard lock(mutex_);
        if (is_listening_) ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    }
    asio::post(strand_, [self = shared_from_this()] {
        self->close_acceptor();
        self->for_each_connection([](Connection& connection) { connection.close(); });
        if (self->open_connections() == 0) self->sweep_timer_.cancel();
    });
}

void Endpoint::close_acceptor()
{
    retry_timer_.cancel();
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
