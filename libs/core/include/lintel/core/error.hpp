#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lintel::core {

/// What went wrong, in the vocabulary every border of a service shares.
/// ARCHITECTURE.md has the table of their HTTP and NATS statuses; see `http_status()`.
enum class ErrorCode {
    malformed,
    invalid,
    unauthenticated,
    forbidden,
    not_found,
    method_not_allowed,
    conflict,
    precondition,
    too_large,
    headers_too_large,
    unsupported_media,
    rate_limited,
    internal,
    unavailable,
    deadline_exceeded,
};

/// The code as it is written on the wire, for example `not_found`.
std::string_view to_string(ErrorCode code) noexcept;

/// The code written as `text`, or nothing when no code is written so.
std::optional<ErrorCode> error_code_from_string(std::string_view text) noexcept;

/// The HTTP status of a code, which is also its NATS `Nats-Service-Error-Code`.
int http_status(ErrorCode code) noexcept;

/// The code a peer means by an HTTP or NATS status when it sends nothing more precise.
ErrorCode error_code_from_status(int status) noexcept;

/// True when the same request may be sent again as it is and nothing has happened yet.
bool is_retryable(ErrorCode code) noexcept;

/// True when the same request is answered so however often it is sent: 4xx, but for rate_limited.
bool is_refusal(ErrorCode code) noexcept;

/// One fault of a document: where it is (RFC 6901) and what is wrong there.
struct FieldError {
    std::string pointer;
    std::string detail;

    bool operator==(const FieldError&) const = default;
};

/// The only exception that crosses a library border.
/// `what()` is the detail the caller may see; anything secret belongs in a log, not here.
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& detail);
    Error(ErrorCode code, const std::string& detail, std::vector<FieldError> fields);

    ErrorCode code() const noexcept { return code_; }
    const std::vector<FieldError>& fields() const noexcept { return fields_; }

    /// How long the caller should wait before it tries again; borders fall back to one second where it is
    /// absent.
    std::optional<std::chrono::seconds> retry_after() const noexcept { return retry_after_; }
    Error&& with_retry_after(std::chrono::seconds wait) &&;

private:
    ErrorCode code_;
    std::vector<FieldError> fields_;
    std::optional<std::chrono::seconds> retry_after_;
};

}  // namespace lintel::core
