#pragma once

#include <cstdint>

#include "lintel/core/version.hpp"
#include "lintel/http/request.hpp"
#include "lintel/http/response.hpp"

namespace lintel::main {

/// If-Match (RFC 9110, 13.1.1) as the versions it lists; nothing when every version is let through: absent or
/// `*`. Tags that are no versions of ours match none. Throws core::Error{malformed} for what is no list of
/// entity tags.
core::ExpectedVersions expected_versions(const http::Request& request);

/// If-None-Match (RFC 9110, 13.1.2) by weak comparison: true when the client already has this version.
bool has_current(const http::Request& request, std::int64_t version);

/// 304 with the ETag: what a client that has the current version is answered.
http::Response not_modified(std::int64_t version);

}  // namespace lintel::main
