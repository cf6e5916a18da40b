#include "lintel/messaging/message.hpp"

#include <algorithm>

#include "lintel/core/error.hpp"

namespace lintel::messaging {
namespace {

constexpr std::size_t kIdempotencyKeyMax = 255;

char to_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) noexcept
{
    const auto found = std::ranges::find_if(headers, [name](const auto& header) {
        return std::ranges::equal(header.first, name, {}, to_lower, to_lower);
    });
    return found == headers.end() ? nullptr : &found->second;
}

std::string parse_idempotency_key(std::string_view text)
{
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    const bool is_visible = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '"'; });
    if (text.empty() || text.size() > kIdempotencyKeyMax || !is_visible)
        throw core::Error(
            core::ErrorCode::malformed,
            "the header Idempotency-Key must be 1 to 255 visible ASCII characters, bare or quoted");
    return std::string(text);
}

}  // namespace lintel::messaging
