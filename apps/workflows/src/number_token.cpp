#include "number_token.hpp"

#include <cstdio>

namespace lintel::workflows {

std::string make_number_token(std::int64_t last, std::string_view filters)
{
    char text[37];
    const auto bits = static_cast<unsigned long long>(last);
    std::snprintf(text, sizeof text, "00000000-0000-0000-%04llx-%012llx", bits >> 48U,
                  bits & 0xffffffffffffULL);
    return core::make_page_token(*core::Id::parse(text), filters);
}

std::int64_t parse_number_token(std::string_view token, std::string_view filters)
{
    const auto id = core::parse_page_token(token, filters);
    std::uint64_t number = 0;
    for (std::size_t at = 8; at < 16; ++at)
        number = number << 8U | id.bytes()[at];
    return static_cast<std::int64_t>(number);
}

}  // namespace lintel::workflows
