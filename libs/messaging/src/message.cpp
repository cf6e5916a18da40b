#include "lintel/messaging/message.hpp"

#include <algorithm>

namespace lintel::messaging {
namespace {

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

}  // namespace lintel::messaging
