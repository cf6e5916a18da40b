#pragma once

#include <exception>
#include <string_view>

#include "lintel/core/error.hpp"
#include "lintel/http/response.hpp"

namespace lintel::http {

/// An error as `application/problem+json` (RFC 9457): type, title, status, detail, instance, code, traceId,
/// errors. `instance` is the path of the request and may be empty. 429 and 503 carry Retry-After, one second
/// when the error names none.
Response problem(const core::Error& error, std::string_view instance, std::string_view trace_id);

/// What the client may know of any exception: a core::Error as it is, anything else as `internal` without its
/// text.
core::Error to_error(std::exception_ptr exception) noexcept;

}  // namespace lintel::http
