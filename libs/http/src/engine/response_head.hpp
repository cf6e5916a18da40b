#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lintel/http/response.hpp"

namespace lintel::http::engine {

/// How a response ends and what becomes of the connection.
struct Framing {
    /// Nothing for a streamed body.
    std::optional<std::uint64_t> content_length;
    bool is_chunked = false;
    bool keep_alive = true;
    /// 10 or 11: what the client speaks.
    int version = 11;
};

/// Appends the status line and the header fields. Fields that belong to the framing are dropped from
/// `response`, and so is a field with a line break in it, which could only be an attempt to add another one.
void append_head(std::string& out, const Response& response, const Framing& framing);

/// True when a response of that status has no body and no Content-Length (RFC 9110, 6.4.1).
constexpr bool has_no_body(int status) noexcept
{
    return status < 200 || status == 204 || status == 304;
}

}  // namespace lintel::http::engine
