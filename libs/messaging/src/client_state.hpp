#pragma once

#include "call_metrics.hpp"
#include "connection_state.hpp"
#include "lintel/core/gate.hpp"
#include "lintel/messaging/client.hpp"
#include "outgoing.hpp"

namespace lintel::messaging {

/// What the calls of a client share. Calls hold it, so that it outlives the last of them.
class ClientState {
public:
    ClientState(Connection::State& on, const ClientOptions& with)
        : connection(on),
          options(with),
          gate(with.max_in_flight),
          metrics(on.metrics, "rpc_client_call_duration_seconds",
                  "Calls to other services, as the caller saw them")
    {
    }

    /// Throws what Connection::State::publish() throws, and Error{too_large}.
    void send(Outgoing message);

    Connection::State& connection;
    const ClientOptions options;
    core::Gate gate;
    CallMetrics metrics;
};

void add_trace(Headers& headers, const telemetry::Trace& trace);

}  // namespace lintel::messaging
