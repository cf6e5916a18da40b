#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::messaging {

/// How a message is to be understood and answered.
enum class PacketKind {
    /// `{"pattern":"…","data":…,"id":…}`: answered in the NestJS envelope.
    nest_request,
    /// `{"pattern":"…","data":…}`: never answered.
    nest_event,
    /// Anything else: answered as it is, if there is a reply subject.
    plain,
};

/// The form of a message, known even when its content cannot be accepted.
struct Envelope {
    PacketKind kind = PacketKind::plain;
    /// The packet's `id` as JSON text, which goes back as it came.
    std::string id;
};

struct Packet {
    Envelope envelope;
    nlohmann::json data;
};

/// Takes a payload apart. Throws Error{malformed, too_large} for one that is not acceptable JSON.
Packet parse_packet(std::string_view payload, const core::JsonLimits& limits);

/// The form of a payload that parse_packet() has refused, as far as it can be made out: a NestJS caller takes
/// only an envelope for an error, anything else for a success.
Envelope guess_envelope(std::string_view payload);

/// `error` of parse_packet() for a NestJS packet, as if only its `data` had been parsed.
core::Error with_pointers_into_data(const core::Error& error);

/// The NestJS envelope of an answer, with exactly the keys NestJS 12 allows (its pull request #17670).
std::string nest_reply(std::string_view id, std::string_view response);
std::string nest_error(std::string_view id, const core::Error& error);

/// The error in the answer of a peer; `detail` and `code` of the body count, the status is for peers without
/// one.
core::Error error_from_problem(int status, std::string_view description, std::string_view body);

/// The error in the `err` of a NestJS answer, which may be any JSON.
core::Error error_from_nest(const nlohmann::json& err);

}  // namespace lintel::messaging
