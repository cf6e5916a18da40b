#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "call_metrics.hpp"
#include "connection_state.hpp"
#include "lintel/core/gate.hpp"
#include "lintel/messaging/service.hpp"
#include "packet.hpp"
#include "responder.hpp"
#include "subscription.hpp"

namespace lintel::messaging {

/// What ADR-32 tells about an endpoint.
struct EndpointStats {
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
    /// `code:description`, empty when there was none.
    std::string last_error;
    std::chrono::nanoseconds processing_time{0};
};

/// What the endpoints of a service share.
struct ServiceContext {
    ServiceContext(Connection::State& on, const ServiceLimits& with);

    Connection::State& connection;
    const ServiceLimits limits;
    CallMetrics metrics;
    telemetry::Counter dropped_late;
    telemetry::Counter dropped_full;
    telemetry::Counter lost_replies;
    telemetry::RequestLog request_log;
};

/// One subject of a service: takes what the broker delivers, decides who is handled, and answers.
class Endpoint : public std::enable_shared_from_this<Endpoint> {
public:
    Endpoint(std::shared_ptr<ServiceContext> context, EndpointOptions options, Handler handler);

    const EndpointOptions& options() const noexcept { return options_; }
    core::Gate& gate() noexcept { return gate_; }
    EndpointStats stats() const;

    /// On the connection's loop: only counts and hands over to the executor.
    void deliver(std::vector<Incoming> messages);

private:
    struct Arrival {
        Incoming message;
        /// Absent when the endpoint is full: to be refused.
        std::optional<core::Gate::Pass> pass;
    };

    core::Task<void> handle(Arrival arrival);
    Packet read(const Incoming& message, Responder& responder) const;
    core::Task<std::string> answer(const Arrival& arrival, Packet packet, Headers headers,
                                   telemetry::Context context);
    Request make_request(const Arrival& arrival, Packet packet, Headers headers,
                         telemetry::Context context) const;
    /// What the caller is to know of a failure; what went wrong inside is for the log.
    core::Error shown(const core::Error& failure, const telemetry::Trace& trace) const;
    void finished(const telemetry::Trace& trace, const core::Error* error,
                  core::Deadline::Clock::time_point started);
    void log_request(const telemetry::Trace& trace, const core::Error* error,
                     core::Deadline::Clock::duration took);

    const std::shared_ptr<ServiceContext> service_;
    const EndpointOptions options_;
    const Handler handler_;
    core::Gate gate_;
    std::atomic<std::size_t> refusals_{0};
    mutable std::mutex stats_mutex_;
    EndpointStats stats_;
};

}  // namespace lintel::messaging
