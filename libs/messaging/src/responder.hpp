#pragma once

#include <optional>
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

    /// Why an answer cannot be sent although there is a connection: it is larger than the broker takes.
    std::optional<core::Error> obstacle_to(std::string_view json_text) const;

    /// False when the answer cannot be sent: the connection is lost.
    bool reply(std::string_view json_text) const;
    /// An error that is too large says less, rather than nothing.
    bool reply_error(const core::Error& error, const std::string& trace_id) const;

private:
    Outgoing message(std::string payload, Headers headers) const;
    Outgoing error_message(const core::Error& error, const std::string& trace_id, PacketKind kind) const;
    bool fits(const Outgoing& message) const noexcept;
    bool send(Outgoing message) const;

    Connection::State& connection_;
    const std::string subject_;
    const std::string reply_;
    Envelope envelope_;
};

}  // namespace lintel::messaging
