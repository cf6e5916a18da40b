#include "generator.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace lintel::load {

namespace {

[[noreturn]] void throw_errno(const char* what)
{
    throw std::system_error{errno, std::generic_category(), what};
}

}  // namespace

Generator::Generator(const Options& options)
    : options_{options}, workload_{options}, connections_(options.connections)
{
    address_.sin_family = AF_INET;
    address_.sin_port = htons(options.port);
    if (inet_pton(AF_INET, options.host.c_str(), &address_.sin_addr) != 1) {
        throw std::invalid_argument("--host: '" + options.host + "' is not an IPv4 address");
    }
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) {
        throw_errno("epoll_create1");
    }
    for (Connection& connection : connections_) {
        open(connection);
    }
}

Generator::~Generator()
{
    for (const Connection& connection : connections_) {
        close(connection.fd);
    }
    close(epoll_);
}

void Generator::open(Connection& connection)
{
    // Connecting and sending block: on loopback both are immediate, and a request fits the socket's buffer.
    connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection.fd < 0) {
        throw_errno("socket");
    }
    const int on = 1;
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(connection.fd, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) < 0) {
        throw_errno("connect");
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) < 0) {
        throw_errno("epoll_ctl");
    }
}

void Generator::replace(Connection& connection, const std::string& why)
{
    if (is_measured(Clock::now())) {
        results_.add_error(why);
    }
    close(connection.fd);
    open(connection);
    send_next(connection);
}

void Generator::send_next(Connection& connection)
{
    workload_.next(connection.request);
    connection.received.clear();
    connection.parser.reset();
    connection.sent_at = Clock::now();
    std::string_view rest = connection.request;
    while (!rest.empty()) {
        const ssize_t sent = send(connection.fd, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            // The server closed the connection while it was idle; reading reports it and replaces it.
            return;
        }
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void Generator::receive(Connection& connection)
{
    std::array<char, 16 * 1024> buffer;
    const ssize_t received = recv(connection.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (received <= 0) {
        replace(connection, "closed");
        return;
    }
    connection.received.append(buffer.data(), static_cast<std::size_t>(received));
    switch (connection.parser.parse(connection.received)) {
        case ResponseParser::State::incomplete:
            return;
        case ResponseParser::State::broken:
            replace(connection, "malformed");
            return;
        case ResponseParser::State::complete:
            finish(connection);
    }
}

void Generator::finish(Connection& connection)
{
    const Clock::time_point now = Clock::now();
    if (is_measured(now)) {
        results_.add(connection.parser.status(), now - connection.sent_at);
    }
    if (!connection.parser.keeps_alive()) {
        close(connection.fd);
        open(connection);
    }
    send_next(connection);
}

void Generator::replace_overdue(Clock::time_point now)
{
    for (Connection& connection : connections_) {
        if (now - connection.sent_at > options_.timeout) {
            replace(connection, "timeout");
        }
    }
}

std::string Generator::run()
{
    measured_from_ = Clock::now() + options_.warmup;
    measured_until_ = measured_from_ + options_.duration;
    for (Connection& connection : connections_) {
        send_next(connection);
    }
    std::array<epoll_event, 256> events;
    Clock::time_point next_check = Clock::now() + std::chrono::seconds{1};
    for (Clock::time_point now = Clock::now(); now < measured_until_; now = Clock::now()) {
        const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
        for (int i = 0; i < count; ++i) {
            receive(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
        }
        if (now >= next_check) {
            replace_overdue(now);
            next_check = now + std::chrono::seconds{1};
        }
    }
    const Clock::time_point end = Clock::now();
    const auto oldest = std::min_element(connections_.begin(), connections_.end(),
                                         [](const auto& a, const auto& b) { return a.sent_at < b.sent_at; });
    return results_.to_json(options_.duration, end - oldest->sent_at);
}

}  // namespace lintel::load
