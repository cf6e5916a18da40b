#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "lintel/core/task.hpp"
#include "lintel/http/body_writer.hpp"
#include "lintel/http/headers.hpp"

namespace lintel::http {

/// Writes a streamed body. It runs after the headers have been sent; the body ends when it returns, and a
/// throw cuts the connection, which is how a client learns that the body is incomplete.
using BodyProducer = std::function<core::Task<void>(BodyWriter)>;

/// What a handler answers. Content-Length, Transfer-Encoding, Connection and Date belong to the server.
struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    /// When set, it makes the body instead of `body`.
    BodyProducer producer;

    /// `text` is sent as it is, as application/json.
    static Response json(int status, std::string text);
    static Response text(int status, std::string text);
    /// 204.
    static Response no_content();
    static Response stream(std::string_view content_type, BodyProducer producer);

    /// `ETag: "<version>"`.
    Response&& with_etag(std::int64_t version) &&;
    Response&& with_location(std::string_view uri) &&;
    Response&& with_retry_after(std::chrono::seconds wait) &&;
    Response&& with_header(std::string_view name, std::string_view value) &&;
};

/// The registered phrase of a status (RFC 9110, 15), `Status` for one that has none.
std::string_view reason_phrase(int status) noexcept;

}  // namespace lintel::http
