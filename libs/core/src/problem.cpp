#include "lintel/core/problem.hpp"

#include "lintel/core/json.hpp"

namespace lintel::core {

std::string_view title_of(ErrorCode code) noexcept
{
    switch (code) {
        case ErrorCode::malformed:
            return "Bad Request";
        case ErrorCode::invalid:
            return "Unprocessable Content";
        case ErrorCode::unauthenticated:
            return "Unauthorized";
        case ErrorCode::forbidden:
            return "Forbidden";
        case ErrorCode::not_found:
            return "Not Found";
        case ErrorCode::method_not_allowed:
            return "Method Not Allowed";
        case ErrorCode::conflict:
            return "Conflict";
        case ErrorCode::precondition:
            return "Precondition Failed";
        case ErrorCode::too_large:
            return "Content Too Large";
        case ErrorCode::headers_too_large:
            return "Request Header Fields Too Large";
        case ErrorCode::unsupported_media:
            return "Unsupported Media Type";
        case ErrorCode::rate_limited:
            return "Too Many Requests";
        case ErrorCode::internal:
            return "Internal Server Error";
        case ErrorCode::unavailable:
            return "Service Unavailable";
        case ErrorCode::deadline_exceeded:
            return "Gateway Timeout";
    }
    return "Internal Server Error";
}

void append_member(std::string& out, std::string_view name, std::string_view text)
{
    out += ",\"";
    out += name;
    out += "\":";
    append_json_string(out, text);
}

void append_field_errors(std::string& out, const Error& error)
{
    if (error.fields().empty()) return;
    out += ",\"errors\":[";
    for (const auto& field : error.fields()) {
        if (out.back() != '[') out += ',';
        out += "{\"pointer\":";
        append_json_string(out, field.pointer);
        append_member(out, "detail", field.detail);
        out += '}';
    }
    out += ']';
}

std::string problem_json(const Error& error, std::string_view instance, std::string_view trace_id)
{
    // RFC 9457, 4.2.1: the type of a problem that its status and code describe fully.
    std::string out = R"({"type":"about:blank","title":")";
    out += title_of(error.code());
    out += R"(","status":)";
    out += std::to_string(http_status(error.code()));
    append_member(out, "detail", error.what());
    if (!instance.empty()) append_member(out, "instance", instance);
    append_member(out, "code", to_string(error.code()));
    if (!trace_id.empty()) append_member(out, "traceId", trace_id);
    append_field_errors(out, error);
    out += '}';
    return out;
}

}  // namespace lintel::core
