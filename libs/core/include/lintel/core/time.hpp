#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace lintel::core {

/// A point of the wall clock, as it goes over the wire.
using Timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

Timestamp now() noexcept;

/// RFC 3339 in UTC with milliseconds: `2026-11-20T08:30:00.000Z`.
std::string to_rfc3339(Timestamp time);

/// Any RFC 3339 date-time, with an offset and any number of fraction digits (kept to the millisecond);
/// nothing for anything else.
std::optional<Timestamp> parse_rfc3339(std::string_view text) noexcept;

}  // namespace lintel::core
