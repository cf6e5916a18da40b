#pragma once

#include <cstdint>
#include <string_view>

namespace lintel::http {

/// The methods a route can serve (RFC 9110, 9; RFC 5789); `other` is everything else a client may send.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };

/// As in a request line, for example `DELETE`; `_OTHER` for `other`, which is how OpenTelemetry labels it.
std::string_view to_string(Method method) noexcept;

/// Methods are case-sensitive: `get` is `other`.
Method method_from_string(std::string_view text) noexcept;

}  // namespace lintel::http
