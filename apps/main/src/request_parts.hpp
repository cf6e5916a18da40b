#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "lintel/core/id.hpp"
#include "lintel/http/request.hpp"

namespace lintel::main {

/// The parameter {id} of the route. Throws core::Error{not_found} for what is no UUID: nothing can have that
/// id.
core::Id path_id(const http::Request& request, std::string_view noun);

/// The body of a POST. Throws core::Error{unsupported_media} and {malformed}.
nlohmann::json json_body(const http::Request& request);

/// Empty when there is none. Throws core::Error{malformed} for one that cannot be one.
std::string idempotency_key(const http::Request& request);

}  // namespace lintel::main
