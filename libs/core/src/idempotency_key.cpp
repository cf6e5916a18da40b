#include "lintel/core/idempotency_key.hpp"

#include <algorithm>

#include "lintel/core/error.hpp"

namespace lintel::core {
namespace {

constexpr std::size_t kMaxLength = 255;

}  // namespace

std::string parse_idempotency_key(std::string_view header)
{
    if (header.size() >= 2 && header.front() == '"' && header.back() == '"')
        header = header.substr(1, header.size() - 2);
    const bool is_visible =
        std::ranges::all_of(header, [](char c) { return c > ' ' && c <= '~' && c != '"'; });
    if (header.empty() || header.size() > kMaxLength || !is_visible)
        throw Error(ErrorCode::malformed,
                    "the header Idempotency-Key must be 1 to 255 visible ASCII characters, bare or quoted");
    return std::string(header);
}

}  // namespace lintel::core
