#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "lintel/core/deadline.hpp"
#include "lintel/core/executor.hpp"
#include "lintel/core/task.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace lintel::messaging {

struct ConnectionOptions {
    /// One or more servers, separated by commas; `tls://` or a `ca_file` makes TLS a must.
    std::string url = "nats://127.0.0.1:4222";
    /// What `nats server report connections` shows; the service's name and replica.
    std::string name;
    /// A .creds file (user JWT and seed).
    std::string creds_file;
    /// PEM certificates that the server's certificate must chain to.
    std::string ca_file;

    std::chrono::milliseconds connect_timeout{2000};
    /// The pause before another attempt doubles from the first to the second value; a random half of it is
    /// left out.
    std::chrono::milliseconds reconnect_wait_min{50};
    std::chrono::milliseconds reconnect_wait_max{2000};
    /// How often the broker is asked for a sign of life, and how long it may take to give one.
    std::chrono::milliseconds ping_interval{5000};
    std::chrono::milliseconds ping_timeout{3000};
    /// A broker that takes no byte for so long is given up.
    std::chrono::milliseconds write_deadline{2000};
    /// What may wait to be written; more is refused.
    std::size_t outgoing_bytes_max = 8U << 20;
    /// What nats.c may hold for one subscription between two reads; more is dropped and counted.
    int pending_max = 4096;
    /// The largest message that is sent, payload and headers together, as the broker counts them; less when
    /// the broker takes less.
    std::size_t max_payload = 1U << 20;
};

/// The process's connection to the broker, made in the background and made again for ever whenever it is
/// lost.
///
/// Nothing is kept for a broker that is away: what cannot be sent now is refused now, so no request runs
/// after its caller has given up. Thread-safe. Must outlive every Client and Service on it, and needs the
/// executor's threads until it is closed.
class Connection {
public:
    Connection(core::Executor& executor, telemetry::Metrics& metrics, ConnectionOptions options);
    /// Closes, if close() has not been called.
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// True from the moment all subscriptions are known to the broker until the connection is lost.
    bool is_connected() const noexcept;

    /// Calls `listener` on an executor thread after every change, with the new state; for readiness.
    void on_state_change(std::function<void(bool connected)> listener);

    /// Returns once the broker has taken everything published before, and everything the broker had sent
    /// before has been handed over. Throws Error{unavailable} without a connection, Error{deadline_exceeded}
    /// after `deadline`.
    core::Task<void> flush(core::Deadline deadline);

    /// Gives up the connection; what has not been flushed is lost. Blocks for milliseconds, at most for one
    /// attempt to connect. Not for executor threads.
    void close();

    core::Executor& executor() const noexcept;
    telemetry::Metrics& metrics() const noexcept;

    class State;
    State& state() noexcept { return *state_; }

private:
    std::unique_ptr<State> state_;
};

}  // namespace lintel::messaging
