#include "lintel/core/error.hpp"

#include <algorithm>
#include <array>

namespace lintel::core {
namespace {

struct CodeRow {
    ErrorCode code;
    std::string_view name;
    int status;
    bool retryable;
};

constexpr std::array kCodes{
    CodeRow{ErrorCode::malformed, "malformed", 400, false},
    CodeRow{ErrorCode::invalid, "invalid", 422, false},
    CodeRow{ErrorCode::unauthenticated, "unauthenticated", 401, false},
    CodeRow{ErrorCode::forbidden, "forbidden", 403, false},
    CodeRow{ErrorCode::not_found, "not_found", 404, false},
    CodeRow{ErrorCode::method_not_allowed, "method_not_allowed", 405, false},
    CodeRow{ErrorCode::conflict, "conflict", 409, false},
    CodeRow{ErrorCode::precondition, "precondition", 412, false},
    CodeRow{ErrorCode::too_large, "too_large", 413, false},
    CodeRow{ErrorCode::headers_too_large, "headers_too_large", 431, false},
    CodeRow{ErrorCode::unsupported_media, "unsupported_media", 415, false},
    CodeRow{ErrorCode::rate_limited, "rate_limited", 429, true},
    CodeRow{ErrorCode::internal, "internal", 500, false},
    CodeRow{ErrorCode::unavailable, "unavailable", 503, true},
    CodeRow{ErrorCode::deadline_exceeded, "deadline_exceeded", 504, false},
};

const CodeRow& row_of(ErrorCode code) noexcept
{
    return kCodes[static_cast<std::size_t>(code)];
}

}  // namespace

std::string_view to_string(ErrorCode code) noexcept
{
    return row_of(code).name;
}

std::optional<ErrorCode> error_code_from_string(std::string_view text) noexcept
{
    const auto* row = std::ranges::find(kCodes, text, &CodeRow::name);
    return row == kCodes.end() ? std::nullopt : std::optional(row->code);
}

int http_status(ErrorCode code) noexcept
{
    return row_of(code).status;
}

ErrorCode error_code_from_status(int status) noexcept
{
    const auto* row = std::ranges::find(kCodes, status, &CodeRow::status);
    if (row != kCodes.end()) return row->code;
    return status >= 400 && status < 500 ? ErrorCode::invalid : ErrorCode::internal;
}

bool is_retryable(ErrorCode code) noexcept
{
    return row_of(code).retryable;
}

bool is_refusal(ErrorCode code) noexcept
{
    const int status = http_status(code);
    return status >= 400 && status < 500 && code != ErrorCode::rate_limited;
}

Error::Error(ErrorCode code, const std::string& detail) : std::runtime_error(detail), code_(code)
{
}

Error::Error(ErrorCode code, const std::string& detail, std::vector<FieldError> fields)
    : std::runtime_error(detail), code_(code), fields_(std::move(fields))
{
}

Error&& Error::with_retry_after(std::chrono::seconds wait) &&
{
    retry_after_ = wait;
    return std::move(*this);
}

}  // namespace lintel::core
