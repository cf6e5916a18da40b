#include "engine/request_reader.hpp"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace lintel::http::engine {
namespace {

namespace beast_http = boost::beast::http;

std::string_view view(boost::beast::string_view text) noexcept
{
    return {text.data(), text.size()};
}

bool is_all_digits(std::string_view text) noexcept
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

RequestReader::RequestReader(const Limits& limits) : limits_(limits)
{
    eager(true);
    header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    body_limit(limits.body_bytes);
}

std::size_t RequestReader::feed(std::string_view bytes)
{
    std::size_t taken = 0;
    // RFC 9112, 2.2: an empty line or two before the request line are a client's slip, not a request.
    while (!got_some() && bytes.substr(taken).starts_with("\r\n"))
        taken += 2;
    bytes.remove_prefix(taken);
    if (bytes.empty() || (!got_some() && bytes == "\r")) return taken;
    // At least this much must follow while a chunked body is incomplete; Boost 1.74 asserts on less after
    // "0\r\n".
    constexpr std::size_t kLastChunk = std::string_view("0\r\n\r\n").size();
    if (headers_done_ && chunked() && bytes.size() < kLastChunk) return taken;

    ErrorCode ec;
    const std::size_t parsed = put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    taken += parsed;
    if (state_ == State::refused) return taken;
    if (ec && ec != beast_http::error::need_more) {
        refuse(ec);
    } else if (state_ == State::incomplete && bytes.size() - parsed > limits_.header_bytes) {
        // The body is taken as it comes: what piles up here is a chunk's header or trailer without an end.
        refuse(Refusal::headers_too_large, "a chunk header or trailer is too long", ec);
    }
    return taken;
}

bool RequestReader::expects_continue() const noexcept
{
    return expects_continue_ && headers_done_ && state_ == State::incomplete && message_.body.empty();
}

void RequestReader::on_request_impl(beast_http::verb, StringView method, StringView target, int version,
                                    ErrorCode& ec)
{
    message_.method_text = view(method);
    message_.method = method_from_string(message_.method_text);
    message_.target = view(target);
    message_.version = version;
    header_bytes_ = method.size() + target.size() + 12;
    if (header_bytes_ > limits_.header_bytes)
        refuse(Refusal::headers_too_large, "the target is too long", ec);
    message_.headers.reserve(8, 256);
}

void RequestReader::on_field_impl(beast_http::field name, StringView name_text, StringView value,
                                  ErrorCode& ec)
{
    header_bytes_ += name_text.size() + value.size() + 4;
    if (header_bytes_ > limits_.header_bytes)
        return refuse(Refusal::headers_too_large, "the header fields are too large", ec);
    // A trailer field must never become a header field that was checked before the body came.
    if (headers_done_) return;

    switch (name) {
        case beast_http::field::host:
            if (++hosts_ > 1) return refuse(Refusal::malformed, "more than one Host", ec);
            break;
        case beast_http::field::content_length:
            if (++content_lengths_ > 1 || !is_all_digits(view(value)))
                return refuse(Refusal::malformed, "Content-Length is not one number", ec);
            break;
        case beast_http::field::transfer_encoding:
            if (!equals_ignoring_case(view(value), "chunked") || message_.version < 11)
                return refuse(Refusal::malformed, "the only transfer coding is 'chunked', in HTTP/1.1", ec);
            break;
        case beast_http::field::expect:
            expects_continue_ = message_.version >= 11 && equals_ignoring_case(view(value), "100-continue");
            break;
        default:
            break;
    }
    message_.headers.add(view(name_text), view(value));
}

void RequestReader::on_header_impl(ErrorCode& ec)
{
    headers_done_ = true;
    if (hosts_ == 0 && message_.version >= 11) refuse(Refusal::malformed, "Host is missing", ec);
}

void RequestReader::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&)
{
    // What a client announces is not what it sends: memory for more than this has to be earned.
    constexpr std::uint64_t kTrusted = 64 << 10;
    if (length) message_.body.reserve(static_cast<std::size_t>(std::min(*length, kTrusted)));
}

std::size_t RequestReader::on_body_impl(StringView body, ErrorCode&)
{
    message_.body.append(body.data(), body.size());
    return body.size();
}

std::size_t RequestReader::on_chunk_body_impl(std::uint64_t, StringView body, ErrorCode&)
{
    message_.body.append(body.data(), body.size());
    return body.size();
}

void RequestReader::refuse(Refusal refusal, std::string_view reason, ErrorCode& ec)
{
    state_ = State::refused;
    refusal_ = refusal;
    reason_ = reason;
    ec = beast_http::error::bad_value;
}

void RequestReader::refuse(const ErrorCode& ec)
{
    state_ = State::refused;
    if (ec == beast_http::error::header_limit || ec == beast_http::error::buffer_overflow) {
        refusal_ = Refusal::headers_too_large;
        reason_ = "the request line or the header fields are too large";
    } else if (ec == beast_http::error::body_limit) {
        refusal_ = Refusal::body_too_large;
        reason_ = "the body is too large";
    } else if (ec == beast_http::error::bad_content_length ||
               ec == beast_http::error::bad_transfer_encoding) {
        refusal_ = Refusal::malformed;
        reason_ = "the length of the body is not clear";
    } else if (ec == beast_http::error::bad_chunk || ec == beast_http::error::bad_chunk_extension) {
        refusal_ = Refusal::malformed;
        reason_ = "a chunk of the body is malformed";
    } else {
        refusal_ = Refusal::malformed;
        reason_ = "this is not an HTTP/1.1 request";
    }
}

}  // namespace lintel::http::engine
