#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "lintel/core/deadline.hpp"
#include "lintel/http/limits.hpp"
#include "lintel/http/router.hpp"
#include "lintel/http/runtime.hpp"
#include "lintel/telemetry/metrics.hpp"
#include "lintel/telemetry/request_log.hpp"

namespace lintel::http {

struct ServerOptions {
    /// An address, not a name; `0.0.0.0` for all of IPv4, `::` for IPv6.
    std::string host = "127.0.0.1";
    /// 0 takes a free one, see Server::port().
    std::uint16_t port = 0;
    /// SO_REUSEPORT: several processes may serve one port, for a restart without a gap.
    bool reuse_port = false;
    int backlog = 1024;
    /// Takes connections from ProcessLimits::reserved_connections and stands outside of in_flight: the ops
    /// listener.
    bool reserved = false;
    Limits limits;
    telemetry::RequestLogOptions request_log;
    /// Called before the handler of every route that is not public; throws Error{unauthenticated} or
    /// Error{forbidden}. Must be fast and thread-safe.
    std::function<void(const Request&)> authorize;
};

/// One listening address and what is served there: a cpprestsdk http_listener on our engine.
///
/// start(), drain() and close() are called by one thread, which is not one of the Runtime's. `router`'s
/// handlers may use anything that outlives the drain.
class Server {
public:
    Server(Runtime& runtime, telemetry::Metrics& metrics, Router router, ServerOptions options);
    /// Closes.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and serves. Throws Error{unavailable} that names host and port when the address cannot be had.
    void start();

    /// The port that is served; 0 before start().
    std::uint16_t port() const noexcept;

    /// Serves what is queued and under way, then closes the listening socket: each next response carries
    /// `Connection: close`, idle connections get Limits::drain_grace. True when nothing was left at
    /// `deadline`; when false, handlers still run and use what they were given, so let the process end
    /// without destroying it.
    bool drain(core::Deadline deadline);

    /// Cuts what is left. Handlers that still run end on their own; wait for them with drain().
    void close() noexcept;

private:
    class State;
    std::shared_ptr<State> state_;
};

/// For ServerOptions::authorize: accepts `Authorization: Bearer <token>` with one of `tokens`, compared in
/// constant time. No tokens accept everybody.
std::function<void(const Request&)> bearer_tokens(std::vector<std::string> tokens);

}  // namespace lintel::http
