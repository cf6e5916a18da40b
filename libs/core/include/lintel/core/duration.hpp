#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace lintel::core {

/// A duration as settings and documents write it: a whole number and its unit, `250ms`, `5s`, `10m`, `24h` or
/// `30d`. Nothing for anything else, and for more than a thousand million of a unit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

/// The shortest text that parse_duration() reads as `duration`, which is not negative. A single day is 24h.
std::string to_text(std::chrono::milliseconds duration);

}  // namespace lintel::core
