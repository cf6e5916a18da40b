#pragma once

#include <string>
#include <string_view>

#include "lintel/core/error.hpp"

namespace lintel::core {

/// The phrase of a code's status (RFC 9110, 15), which is the title of its problems.
std::string_view title_of(ErrorCode code) noexcept;

/// `error` as an RFC 9457 problem document with our members `code`, `traceId` and `errors`, on one line.
/// `instance` is the path or subject it happened at; it must be UTF-8, and is left out when empty, as is
/// `trace_id`.
std::string problem_json(const Error& error, std::string_view instance, std::string_view trace_id);

/// What other renderings of an error are made of: `,"name":"text"`, and `,"errors":[…]` where it has fields.
void append_member(std::string& out, std::string_view name, std::string_view text);
void append_field_errors(std::string& out, const Error& error);

}  // namespace lintel::core
