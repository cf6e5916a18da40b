#include "lintel/core/duration.hpp"

#include <charconv>
#include <cstdint>

namespace lintel::core {
namespace {

struct Unit {
    std::string_view suffix;
    std::int64_t milliseconds;
};

/// From the longest, but for the one whose suffix ends like another's.
constexpr Unit kUnits[] = {{"ms", 1}, {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}};

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept
{
    constexpr std::int64_t kMaxCount = 1'000'000'000;
    for (const auto& unit : kUnits) {
        if (!text.ends_with(unit.suffix)) continue;
        const char* const end = text.data() + text.size() - unit.suffix.size();
        std::int64_t count = 0;
        const auto [parsed, error] = std::from_chars(text.data(), end, count);
        if (error != std::errc() || parsed != end || count < 0 || count > kMaxCount) return std::nullopt;
        return std::chrono::milliseconds(count * unit.milliseconds);
    }
    return std::nullopt;
}

std::string to_text(std::chrono::milliseconds duration)
{
    const auto count = duration.count();
    if (count == 0) return "0s";
    constexpr std::int64_t kOneDay = 86'400'000;
    for (const auto& unit : kUnits) {
        if (unit.milliseconds == 1 || count % unit.milliseconds != 0 ||
            (count == kOneDay && unit.suffix == "d"))
            continue;
        return std::to_string(count / unit.milliseconds) + std::string(unit.suffix);
    }
    return std::to_string(count) + "ms";
}

}  // namespace lintel::core
