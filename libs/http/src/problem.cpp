#include "lintel/http/problem.hpp"

#include <chrono>
#include <exception>
#include <string>

#include "lintel/core/json.hpp"
#include "utf8.hpp"

namespace lintel::http {
namespace {

void append_member(std::string& out, std::string_view name, std::string_view value)
{
    out += ",\"";
    out += name;
    out += "\":";
    core::append_json_string(out, value);
}

void append_fields(std::string& out, const std::vector<core::FieldError>& fields)
{
    out += ",\"errors\":[";
    for (std::size_t i = 0; i < fields.size(); ++i) {
        out += i == 0 ? "{\"pointer\":" : ",{\"pointer\":";
        core::append_json_string(out, fields[i].pointer);
        append_member(out, "detail", fields[i].detail);
        out += '}';
    }
    out += ']';
}

}  // namespace

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

    auto& out = response.body;
    // RFC 9457, 4.2.1: the type of a problem that its status and code describe fully.
    out = R"({"type":"about:blank","title":")";
    out += reason_phrase(status);
    out += R"(","status":)";
    out += std::to_string(status);
    append_member(out, "detail", error.what());
    // A target may hold any byte; a JSON document may not.
    if (!instance.empty() && is_utf8(instance)) append_member(out, "instance", instance);
    append_member(out, "code", core::to_string(error.code()));
    if (!trace_id.empty()) append_member(out, "traceId", trace_id);
    if (!error.fields().empty()) append_fields(out, error.fields());
    out += '}';
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
