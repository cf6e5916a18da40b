#pragma once

#include <string>

#include "connection_state.hpp"
#include "lintel/core/error.hpp"
#include "packet.hpp"

namespace lintel::messaging {

/// Answers one request in the form its caller understands, or not at all when it is an event.
class Responder {
public:
    Responder(Connection::State& connection, const Incoming& request, Envelope envelope);

    bool is_event() const noexcept;
    void set_envelope(Envelope envelope) { envelope_ = std::move(envelope); }

    /// False when the answer cannot be sent: the connection is lost.
    bool reply(std::string_view json_text) const;
    bool reply_error(const core::Error& error, const std::string& trace_id) const;

private:
    bool send(std::string payload, Headers headers) const;

    Connection::State& connection_;
    const std::string subject_;
    const std::string reply_;
    Envelope envelope_;
};

}  // namespace lintel::messaging
