#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace lintel::testing {

/// A plain TCP connection to the loopback interface, for tests that send what no well-behaved client would.
class TcpClient {
public:
    explicit TcpClient(std::uint16_t port);
    ~TcpClient();
    TcpClient(TcpClient&& other) noexcept;
    TcpClient& operator=(TcpClient&& other) noexcept;

    /// Sends all of `bytes`; false when the peer has closed.
    bool send(std::string_view bytes);
    /// What arrives next; empty when the peer closes or `patience` is over.
    std::string read_some(std::chrono::milliseconds patience = std::chrono::seconds(5));
    /// What arrives until the peer closes or `patience` is over without a byte.
    std::string read_all(std::chrono::milliseconds patience = std::chrono::seconds(5));
    /// What arrives until it contains `mark`, at most for `patience`.
    std::string read_until(std::string_view mark,
                           std::chrono::milliseconds patience = std::chrono::seconds(5));
    /// True when the peer closes, or resets, the connection within `patience`.
    bool is_closed_within(std::chrono::milliseconds patience);
    /// No more bytes from here; the other direction stays open.
    void shutdown_write();

private:
    bool receive(std::string& into, std::chrono::milliseconds patience);

    int socket_ = -1;
};

/// A port that nothing listens on at the moment.
std::uint16_t free_port();

}  // namespace lintel::testing
