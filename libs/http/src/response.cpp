#include "lintel/http/response.hpp"

#include <utility>

#include "lintel/core/problem.hpp"

namespace lintel::http {

Response Response::json(int status, std::string text)
{
    Response response;
    response.status = status;
    response.headers.reserve(2, 64);
    response.headers.add("Content-Type", "application/json");
    response.body = std::move(text);
    return response;
}

Response Response::text(int status, std::string text)
{
    Response response;
    response.status = status;
    response.headers.add("Content-Type", "text/plain; charset=utf-8");
    response.body = std::move(text);
    return response;
}

Response Response::no_content()
{
    Response response;
    response.status = 204;
    return response;
}

Response Response::stream(std::string_view content_type, BodyProducer producer)
{
    Response response;
    response.headers.add("Content-Type", content_type);
    response.producer = std::move(producer);
    return response;
}

Response&& Response::with_etag(std::int64_t version) &&
{
    headers.set("ETag", '"' + std::to_string(version) + '"');
    return std::move(*this);
}

Response&& Response::with_location(std::string_view uri) &&
{
    headers.set("Location", uri);
    return std::move(*this);
}

Response&& Response::with_retry_after(std::chrono::seconds wait) &&
{
    headers.set("Retry-After", std::to_string(wait.count()));
    return std::move(*this);
}

Response&& Response::with_header(std::string_view name, std::string_view value) &&
{
    headers.set(name, value);
    return std::move(*this);
}

std::string_view reason_phrase(int status) noexcept
{
    switch (status) {
        case 100:
            return "Continue";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 410:
            return "Gone";
        case 411:
            return "Length Required";
        case 414:
            return "URI Too Long";
        case 428:
            return "Precondition Required";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        default:
            break;
    }
    const auto code = core::error_code_from_status(status);
    return core::http_status(code) == status ? core::title_of(code) : "Status";
}

}  // namespace lintel::http
