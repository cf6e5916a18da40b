#pragma once

#include <string_view>

namespace lintel::http {

/// Well-formed UTF-8 (Unicode 15, table 3-7): no overlong form, no surrogate, nothing above U+10FFFF.
constexpr bool is_utf8(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = [&](std::size_t at) -> unsigned {
            return i + at < text.size() ? static_cast<unsigned char>(text[i + at]) : 0U;
        };
        const auto continues = [&](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
        const unsigned first = byte(0);
        std::size_t length = 1;
        if (first >= 0x80) {
            if (first >= 0xC2 && first <= 0xDF)
                length = 2;
            else if ((first & 0xF0U) == 0xE0)
                length = 3;
            else if (first >= 0xF0 && first <= 0xF4)
                length = 4;
            else
                return false;
            for (std::size_t at = 1; at < length; ++at)
                if (!continues(at)) return false;
            if (first == 0xE0 && byte(1) < 0xA0) return false;
            if (first == 0xED && byte(1) > 0x9F) return false;
            if (first == 0xF0 && byte(1) < 0x90) return false;
            if (first == 0xF4 && byte(1) > 0x8F) return false;
        }
        i += length;
    }
    return true;
}

}  // namespace lintel::http
