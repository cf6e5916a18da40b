#include "healthcheck.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <string_view>

namespace lintel::service {
namespace {

constexpr timeval kPatience{.tv_sec = 2, .tv_usec = 0};

/// An address that listens everywhere is reached on the loopback interface.
std::string reachable(const std::string& host)
{
    if (host == "0.0.0.0") return "127.0.0.1";
    if (host == "::") return "::1";
    return host;
}

int connect_to(const std::string& host, std::uint16_t port)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST;
    addrinfo* address = nullptr;
    if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &address) != 0) return -1;
    const int connection = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    const bool connected = connect(connection, address->ai_addr, address->ai_addrlen) == 0;
    freeaddrinfo(address);
    if (connected) return connection;
    close(connection);
    return -1;
}

}  // namespace

bool is_ready(const std::string& host, std::uint16_t port)
{
    const int connection = connect_to(reachable(host), port);
    if (connection < 0) return false;
    constexpr std::string_view kRequest =
        "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char answer[64] = {};
    const bool answered = send(connection, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) > 0 &&
                          recv(connection, answer, sizeof answer - 1, 0) > 0;
    close(connection);
    return answered && std::string_view(answer).starts_with("HTTP/1.1 200 ");
}

}  // namespace lintel::service
