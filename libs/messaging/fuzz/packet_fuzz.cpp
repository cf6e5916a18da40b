// Feeds arbitrary payloads to what stands between the broker and the handlers.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "packet.hpp"

using namespace lintel;

namespace {

void require(bool holds)
{
    if (!holds) std::abort();
}

void check_answers(const messaging::Envelope& envelope)
{
    if (envelope.kind != messaging::PacketKind::nest_request) return;
    const auto reply = nlohmann::json::parse(messaging::nest_reply(envelope.id, "null"));
    require(reply.size() == 3 && reply.contains("id"));
    const core::Error error(core::ErrorCode::invalid, "fault", {{"/a", "b"}});
    const auto refusal = nlohmann::json::parse(messaging::nest_error(envelope.id, error));
    require(refusal.size() == 3 && messaging::error_from_nest(refusal.at("err")).code() == error.code());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view payload(reinterpret_cast<const char*>(data), size);
    const auto guessed = messaging::guess_envelope(payload);
    check_answers(guessed);
    try {
        const auto packet = messaging::parse_packet(payload, {});
        check_answers(packet.envelope);
        require(packet.envelope.kind == guessed.kind);
    } catch (const core::Error&) {
        // Refused, which is as good as accepted; anything else that is thrown is a finding.
    }
    messaging::error_from_problem(400, payload.substr(0, 64), payload);
    return 0;
}
