#include "prefer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace lintel::main {
namespace {

std::string_view trim(std::string_view text)
{
    constexpr std::string_view kSpaces = " \t";
    const auto begin = text.find_first_not_of(kSpaces);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

/// Delta-seconds; more than anybody waits is that.
std::optional<std::chrono::seconds> seconds_of(std::string_view text)
{
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    std::uint32_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return std::chrono::seconds(seconds);
}

/// The first one counts (RFC 7240, 2).
std::optional<std::chrono::seconds> wait_of(std::string_view prefer)
{
    while (!prefer.empty()) {
        const auto comma = std::min(prefer.find(','), prefer.size());
        auto preference = prefer.substr(0, comma);
        prefer.remove_prefix(std::min(comma + 1, prefer.size()));
        preference = preference.substr(0, preference.find(';'));
        const auto equals = preference.find('=');
        if (equals == preference.npos ||
            !http::equals_ignoring_case(trim(preference.substr(0, equals)), "wait"))
            continue;
        return seconds_of(trim(preference.substr(equals + 1)));
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> preferred_wait(const http::Headers& headers)
{
    for (std::size_t at = 0; at < headers.size(); ++at) {
        if (!http::equals_ignoring_case(headers[at].name, "Prefer")) continue;
        if (const auto wait = wait_of(headers[at].value)) return wait;
    }
    return std::nullopt;
}

}  // namespace lintel::main
