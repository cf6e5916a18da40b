#include <arpa/inet.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "engine/endpoint.hpp"
#include "engine/response_head.hpp"
#include "lintel/core/error.hpp"
#include "lintel/http/problem.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::http::engine {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr std::chrono::milliseconds kAcceptRetry{100};
constexpr std::chrono::seconds kWarningPause{10};

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
        return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
    }
    return true;
}

void Endpoint::retry_later()
{
    // The descriptor limit is reached. The queued connection stays readable, so waiting on the socket would
    // spin.
    refused({Refusal::out_of_descriptors, {}, {}});
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
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &length);
    if (!quota_->try_take(options_.reserved)) {
        turn_away(descriptor, address_text(peer));
        return;
    }

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
    if (!is_sweeping_) sweep();
    connection->start();
    if (is_draining()) connection->drain();
}

void Endpoint::stop_handshakes()
{
    // Closing the socket resets whoever has connected and is not accepted yet: that client may have sent a
    // request. So the kernel drops what would begin a connection, SYN without ACK, while those that have
    // begun get through. A client whose SYN was dropped sends it again a second later, and finds the next
    // process or none.
    std::array<sock_filter, 5> program = {{
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),  // the flags of the TCP header
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x12),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x02, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    }};
    const sock_fprog filter{program.size(), program.data()};
    ::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

void Endpoint::turn_away(int descriptor, std::string_view peer)
{
    const core::Error error(core::ErrorCode::unavailable, "too many connections");
    const auto trace = telemetry::Trace::start();
    refused({Refusal::too_many_connections, peer, error.what(), trace});
    std::string text;
    const auto response = problem(error, {}, trace.trace_id());
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

}  // namespace lintel::http::engine
