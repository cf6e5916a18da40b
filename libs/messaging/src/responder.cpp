#include "responder.hpp"

#include "wire_headers.hpp"

namespace lintel::messaging {

using core::Error;
using core::ErrorCode;

namespace {

/// What a broker takes with its default settings.
constexpr std::size_t kPayloadMax = 1U << 20;

/// ADR-32 wants one line; the body has the whole text.
std::string one_line(std::string_view text)
{
    constexpr std::size_t kDescriptionMax = 512;
    std::string line(text.substr(0, kDescriptionMax));
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
    }
    return line;
}

}  // namespace

Responder::Responder(Connection::State& connection, const Incoming& request, Envelope envelope)
    : connection_(connection),
      subject_(request.subject()),
      reply_(request.reply()),
      envelope_(std::move(envelope))
{
}

bool Responder::is_event() const noexcept
{
    return reply_.empty() || envelope_.kind == PacketKind::nest_event;
}

bool Responder::reply(std::string_view json_text) const
{
    if (is_event()) return true;
    if (json_text.empty()) json_text = "null";
    if (json_text.size() > kPayloadMax - envelope_.id.size() - 64)
        return reply_error(Error(ErrorCode::internal, "the answer is larger than the broker carries"), {});
    return send(envelope_.kind == PacketKind::nest_request ? nest_reply(envelope_.id, json_text)
                                                           : std::string(json_text),
                {});
}

bool Responder::reply_error(const Error& error, const std::string& trace_id) const
{
    if (is_event()) return true;
    Headers headers{{std::string(kServiceError), one_line(error.what())},
                    {std::string(kServiceErrorCode), std::to_string(http_status(error.code()))}};
    return send(envelope_.kind == PacketKind::nest_request ? nest_error(envelope_.id, error)
                                                           : problem_body(error, subject_, trace_id),
                std::move(headers));
}

bool Responder::send(std::string payload, Headers headers) const
{
    Outgoing message;
    message.subject = reply_;
    message.payload = std::move(payload);
    message.headers = std::move(headers);
    try {
        connection_.publish(std::move(message));
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace lintel::messaging
