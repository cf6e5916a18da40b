#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lintel/http/server.hpp"
#include "lintel/testing/tcp_client.hpp"

namespace lintel::http::test {

/// The process's Runtime, small enough for a test to reach its limits.
inline constexpr ProcessLimits kProcessLimits{48, 8, 4, 2};
Runtime& runtime();
telemetry::Metrics& metrics();

/// Limits that a test does not have to wait for.
Limits quick_limits();

/// A server with routes for every test: see support.cpp. Closed when it goes.
class TestServer {
public:
    explicit TestServer(ServerOptions options = {}, Limits limits = quick_limits());

    std::uint16_t port() const noexcept { return server_.port(); }
    Server& operator*() noexcept { return server_; }
    Server* operator->() noexcept { return &server_; }

private:
    Server server_;
};

struct Reply {
    int status = 0;
    std::string head;
    std::string body;

    std::optional<std::string> header(std::string_view name) const;
    /// The `code` of a problem.
    std::string code() const;
};

/// Reads responses one by one off a raw connection.
class Client {
public:
    explicit Client(std::uint16_t port) : tcp_(port) {}

    bool send(std::string_view bytes) { return tcp_.send(bytes); }
    /// The next response; status 0 when none came. `has_body` is false for the answer to a HEAD.
    Reply read(std::chrono::milliseconds patience = std::chrono::seconds(5), bool has_body = true);
    Reply ask(std::string_view request) { return send(request), read(); }
    /// What came so far, and all that comes until the server closes.
    std::string read_rest(std::chrono::milliseconds patience = std::chrono::seconds(5));
    bool is_closed_within(std::chrono::milliseconds patience) { return tcp_.is_closed_within(patience); }
    testing::TcpClient& tcp() noexcept { return tcp_; }

private:
    testing::TcpClient tcp_;
    std::string buffer_;
};

std::string get(std::string_view path, std::string_view headers = {});
std::string post(std::string_view path, std::string_view body, std::string_view headers = {});

}  // namespace lintel::http::test
