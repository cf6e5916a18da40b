#include "lossy_way.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace lintel::workflows {
namespace {

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Empty at the end of the connection.
std::string_view receive(int socket, std::array<char, 65536>& buffer)
{
    const auto size = ::recv(socket, buffer.data(), buffer.size(), 0);
    return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

bool send_all(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

LossyWay::LossyWay(std::uint16_t server)
    : server_(server), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    auto address = loopback(0);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, any, &size) != 0)
        throw std::runtime_error("no port for a lossy way");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

LossyWay::~LossyWay()
{
    is_over_ = true;
    thread_.join();
    ::close(listener_);
}

void LossyWay::lose_answer_to(std::string request, std::string earlier, int times)
{
    const std::lock_guard lock(mutex_);
    request_ = std::move(request);
    earlier_ = std::move(earlier);
    left_to_ask_ = left_to_lose_ = times;
}

void LossyWay::run()
{
    while (!is_over_) {
        std::vector<pollfd> sockets{{listener_, POLLIN, 0}};
        for (const auto& pair : pairs_) {
            sockets.push_back({pair.client, POLLIN, 0});
            sockets.push_back({pair.server, POLLIN, 0});
        }
        if (::poll(sockets.data(), sockets.size(), 20) <= 0) continue;
        std::vector<Pair> left;
        for (std::size_t at = 0; at < pairs_.size(); ++at) {
            auto& pair = pairs_[at];
            const bool lives = (sockets[2 * at + 1].revents == 0 || forward_request(pair)) &&
                               (sockets[2 * at + 2].revents == 0 || forward_answer(pair));
            if (lives) left.push_back(pair);
            if (lives) continue;
            ::close(pair.client);
            ::close(pair.server);
        }
        pairs_ = std::move(left);
        if (sockets[0].revents != 0) accept_one();
    }
    for (const auto& pair : pairs_) {
        ::close(pair.client);
        ::close(pair.server);
    }
}

void LossyWay::accept_one()
{
    Pair pair;
    pair.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (pair.client < 0) return;
    pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(server_);
    if (::connect(pair.server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
        pairs_.push_back(pair);
        return;
    }
    ::close(pair.client);
    ::close(pair.server);
}

bool LossyWay::forward_request(Pair& pair)
{
    std::array<char, 65536> buffer;
    const auto bytes = receive(pair.client, buffer);
    {
        const std::lock_guard lock(mutex_);
        if (left_to_ask_ > 0 && (pair.was_earlier || earlier_.empty()) &&
            bytes.find(request_) != bytes.npos) {
            pair.loses = true;
            --left_to_ask_;
        }
        pair.was_earlier = pair.was_earlier || (left_to_ask_ > 0 && bytes.find(earlier_) != bytes.npos);
    }
    return !bytes.empty() && send_all(pair.server, bytes);
}

bool LossyWay::forward_answer(Pair& pair)
{
    std::array<char, 65536> buffer;
    const auto bytes = receive(pair.server, buffer);
    if (pair.loses) --left_to_lose_;
    return !bytes.empty() && !pair.loses && send_all(pair.client, bytes);
}

std::string execution_of(const std::string& statement)
{
    return '\0' + statement + '\0';
}

}  // namespace lintel::workflows
