#pragma once

#include <string>
#include <string_view>

namespace lintel::core {

/// The key in the value of an Idempotency-Key header, without its optional quotes
/// (draft-ietf-httpapi-idempotency-key-header-07 makes it a quoted string; many clients send it bare).
/// Throws Error{malformed} unless it is 1 to 255 visible ASCII characters.
std::string parse_idempotency_key(std::string_view header);

}  // namespace lintel::core
