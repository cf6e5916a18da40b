#include "lintel/http/problem.hpp"

#include <chrono>
#include <exception>
#include <string>

#include "lintel/core/problem.hpp"
#include "utf8.hpp"

namespace lintel::http {

Response problem(const core::Error& error, std::string_view instance, std::string_view trace_id)
{
    const int status = core::http_status(error.code());
    Response response;
    response.status = status;
    response.headers.add("Content-Type", "application/problem+json");
    if (error.retry_after() || status == 429 || status == 503) {
        const auto wait = error.retry_after().value_or(std::chrono::seconds(1));
        response.headers.add("Retry-After", std::to_string(wait.count()));
    }
    // RFC 6750, 3: says which scheme would have been accepted.
    if (status == 401) response.headers.add("WWW-Authenticate", "Bearer");

    // A target may hold any byte; a JSON document may not.
    response.body = core::problem_json(error, is_utf8(instance) ? instance : std::string_view(), trace_id);
    return response;
}

core::Error to_error(std::exception_ptr exception) noexcept
{
    try {
        std::rethrow_exception(std::move(exception));
    } catch (const core::Error& error) {
        // What went wrong inside is for the log, not for the client.
        if (error.code() != core::ErrorCode::internal) return error;
    } catch (...) {
    }
    return {core::ErrorCode::internal, "the service failed; its log has the cause under this traceId"};
}

}  // namespace lintel::http
