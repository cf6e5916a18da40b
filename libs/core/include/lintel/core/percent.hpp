#pragma once

#include <string>
#include <string_view>

namespace lintel::core {

/// Encodes everything but RFC 3986's unreserved characters, for any part of a URI.
std::string percent_encode(std::string_view text);

}  // namespace lintel::core
