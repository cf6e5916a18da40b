#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/id.hpp"
#include "lintel/http/request.hpp"

namespace lintel::main {

/// The parameter {id} of the route, or the one that is named. Throws core::Error{not_found} for what is no
/// UUID: nothing can have that id.
core::Id path_id(const http::Request& request, std::string_view noun, std::string_view parameter = "id");

/// `make` makes a request of what stands in the path. When that is invalid nothing can be called so, and
/// core::Error{not_found} is thrown.
template <typename Make>
auto of_path(std::string_view noun, Make make)
{
    try {
        return make();
    } catch (const core::Error& error) {
        if (error.code() != core::ErrorCode::invalid) throw;
        throw core::Error(core::ErrorCode::not_found,
                          "there is no such " + std::string(noun) + ": " + error.what());
    }
}

/// The body of a POST. Throws core::Error{unsupported_media} and {malformed}.
nlohmann::json json_body(const http::Request& request);

/// The same; no body is an empty object.
nlohmann::json optional_json_body(const http::Request& request);

/// Throws core::Error{invalid} for a body that says anything.
void require_no_body(const http::Request& request);

/// Empty when there is none. Throws core::Error{malformed} for one that cannot be one.
std::string idempotency_key(const http::Request& request);

/// `error` as it is for somebody who sent only what stands at `place` in the document that was refused: its
/// pointers begin there.
core::Error seen_from(std::string_view place, const core::Error& error);

}  // namespace lintel::main
