#pragma once

#include <string_view>

namespace lintel::messaging {

inline constexpr std::string_view kTraceparent = "traceparent";
inline constexpr std::string_view kTracestate = "tracestate";
/// Until when the caller waits: RFC 3339 with milliseconds.
inline constexpr std::string_view kDeadline = "Deadline";
inline constexpr std::string_view kIdempotencyKey = "Idempotency-Key";
/// ADR-32's two headers of an answer that is an error.
inline constexpr std::string_view kServiceError = "Nats-Service-Error";
inline constexpr std::string_view kServiceErrorCode = "Nats-Service-Error-Code";

}  // namespace lintel::messaging
