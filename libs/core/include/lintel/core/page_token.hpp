#pragma once

#include <string>
#include <string_view>

#include "lintel/core/id.hpp"

namespace lintel::core {

/// The token of the page after the item `last`, bound to `filters`: URL-safe and opaque to callers.
///
/// The binding finds mistakes, it keeps no secret: a token holds nothing but an id that its reader has just
/// been given. `filters` is any text that is the same exactly when the filters are.
std::string make_page_token(const Id& last, std::string_view filters);

/// The item after which the page begins. Throws Error{malformed} for a token that was edited or was given out
/// for other filters.
Id parse_page_token(std::string_view token, std::string_view filters);

}  // namespace lintel::core
