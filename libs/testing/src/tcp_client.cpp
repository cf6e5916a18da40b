#include "lintel/testing/tcp_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace lintel::testing {
namespace {

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

int open_socket()
{
    const int opened = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (opened < 0) throw std::system_error(errno, std::system_category(), "socket");
    return opened;
}

}  // namespace

TcpClient::TcpClient(std::uint16_t port) : socket_(open_socket())
{
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto address = loopback(port);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int error = errno;
        close(socket_);
        throw std::system_error(error, std::system_category(), "connect to port " + std::to_string(port));
    }
}

TcpClient::~TcpClient()
{
    if (socket_ >= 0) close(socket_);
}

TcpClient::TcpClient(TcpClient&& other) noexcept : socket_(std::exchange(other.socket_, -1))
{
}

TcpClient& TcpClient::operator=(TcpClient&& other) noexcept
{
    std::swap(socket_, other.socket_);
    return *this;
}

bool TcpClient::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool TcpClient::receive(std::string& into, std::chrono::milliseconds patience)
{
    pollfd wait{socket_, POLLIN, 0};
    if (poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return false;
    char buffer[16384];
    const auto received = recv(socket_, buffer, sizeof buffer, 0);
    if (received <= 0) return false;
    into.append(buffer, static_cast<std::size_t>(received));
    return true;
}

std::string TcpClient::read_some(std::chrono::milliseconds patience)
{
    std::string received;
    receive(received, patience);
    return received;
}

std::string TcpClient::read_all(std::chrono::milliseconds patience)
{
    std::string received;
    while (receive(received, patience))
        continue;
    return received;
}

std::string TcpClient::read_until(std::string_view mark, std::chrono::milliseconds patience)
{
    std::string received;
    while (received.find(mark) == std::string::npos && receive(received, patience))
        continue;
    return received;
}

bool TcpClient::is_closed_within(std::chrono::milliseconds patience)
{
    const auto give_up = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < give_up) {
        pollfd wait{socket_, POLLIN, 0};
        if (poll(&wait, 1, 50) <= 0) continue;
        char buffer[4096];
        if (recv(socket_, buffer, sizeof buffer, 0) <= 0) return true;
    }
    return false;
}

void TcpClient::shutdown_write()
{
    shutdown(socket_, SHUT_WR);
}

std::uint16_t free_port()
{
    const int probe = open_socket();
    auto address = loopback(0);
    socklen_t length = sizeof address;
    const bool bound = bind(probe, reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
                       getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    close(probe);
    if (!bound) throw std::system_error(errno, std::system_category(), "no free port");
    return ntohs(address.sin_port);
}

}  // namespace lintel::testing
