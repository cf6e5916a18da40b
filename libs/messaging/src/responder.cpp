#include "responder.hpp"

#include "lintel/core/failpoint.hpp"
#include "lintel/core/problem.hpp"
#include "wire_headers.hpp"

namespace lintel::messaging {

using core::Error;
using core::ErrorCode;

namespace {

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

std::optional<Error> Responder::obstacle_to(std::string_view json_text) const
{
    if (is_event()) return std::nullopt;
    const auto bytes =
        json_text.size() +
        (envelope_.kind == PacketKind::nest_request ? nest_reply(envelope_.id, "").size() : std::size_t{0});
    const auto most = connection_.max_payload();
    if (bytes <= most) return std::nullopt;
    return Error(ErrorCode::internal, "the answer has " + std::to_string(bytes) +
                                          " bytes; the broker takes " + std::to_string(most) +
                                          ": ask for less at once");
}

bool Responder::reply(std::string_view json_text) const
{
    if (is_event()) return true;
    if (json_text.empty()) json_text = "null";
    return send(message(envelope_.kind == PacketKind::nest_request ? nest_reply(envelope_.id, json_text)
                                                                   : std::string(json_text),
                        {}));
}

bool Responder::reply_error(const Error& error, const std::string& trace_id) const
{
    if (is_event()) return true;
    auto answer = error_message(error, trace_id, envelope_.kind);
    if (fits(answer)) return send(std::move(answer));
    // Without the list of faults; and without the envelope when its id alone is too large to go back.
    const Error brief(error.code(), one_line(error.what()));
    answer = error_message(brief, trace_id, envelope_.kind);
    if (!fits(answer)) answer = error_message(brief, trace_id, PacketKind::plain);
    return send(std::move(answer));
}

Outgoing Responder::message(std::string payload, Headers headers) const
{
    Outgoing message;
    message.subject = reply_;
    message.payload = std::move(payload);
    message.headers = std::move(headers);
    return message;
}

Outgoing Responder::error_message(const Error& error, const std::string& trace_id, PacketKind kind) const
{
    Headers headers{{std::string(kServiceError), one_line(error.what())},
                    {std::string(kServiceErrorCode), std::to_string(http_status(error.code()))}};
    return message(kind == PacketKind::nest_request ? nest_error(envelope_.id, error)
                                                    : core::problem_json(error, subject_, trace_id),
                   std::move(headers));
}

bool Responder::fits(const Outgoing& message) const noexcept
{
    return message.size() <= connection_.max_payload();
}

bool Responder::send(Outgoing message) const
{
    // The work is done, and its caller will not hear of it.
    if (core::failpoint_drops("messaging.reply")) return true;
    try {
        connection_.publish(std::move(message));
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace lintel::messaging
