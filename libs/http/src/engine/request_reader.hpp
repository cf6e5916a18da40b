#pragma once

#include <cstddef>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include "engine/message.hpp"
#include "engine/refusal.hpp"
#include "lintel/http/limits.hpp"

namespace lintel::http::engine {

/// Reads one request out of a stream of bytes. Beast's parser does the grammar; what it leaves open, and a
/// server on a public address must not, is decided here: the size of everything that is not body, and
/// whatever would let two servers disagree about where a request ends (RFC 9112, 6.3 and 11.2).
class RequestReader final : private boost::beast::http::basic_parser<true> {
public:
    enum class State { incomplete, complete, refused };

    explicit RequestReader(const Limits& limits);

    /// Takes what it can use from the front of `bytes` and returns how much that was. Bytes that were not
    /// taken must come again, with more behind them.
    std::size_t feed(std::string_view bytes);

    State state() const noexcept { return state_; }
    /// Meaningful when refused, as is reason().
    Refusal refusal() const noexcept { return refusal_; }
    std::string_view reason() const noexcept { return reason_; }

    bool has_started() const noexcept { return got_some(); }
    bool has_headers() const noexcept { return headers_done_; }
    /// True while the client waits for `100 Continue` before it sends the body.
    bool expects_continue() const noexcept;
    bool keeps_alive() const { return keep_alive(); }

    IncomingMessage& message() noexcept { return message_; }

private:
    using ErrorCode = boost::system::error_code;
    using StringView = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb, StringView method, StringView target, int version,
                         ErrorCode& ec) override;
    void on_response_impl(int, StringView, int, ErrorCode&) override {}
    void on_field_impl(boost::beast::http::field name, StringView name_text, StringView value,
                       ErrorCode& ec) override;
    void on_header_impl(ErrorCode& ec) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& ec) override;
    std::size_t on_body_impl(StringView body, ErrorCode& ec) override;
    void on_chunk_header_impl(std::uint64_t, StringView, ErrorCode&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t remain, StringView body, ErrorCode& ec) override;
    void on_finish_impl(ErrorCode&) override { state_ = State::complete; }

    void refuse(Refusal refusal, std::string_view reason, ErrorCode& ec);
    void refuse(const ErrorCode& ec);

    const Limits& limits_;
    IncomingMessage message_;
    State state_ = State::incomplete;
    Refusal refusal_ = Refusal::malformed;
    std::string_view reason_;
    std::size_t header_bytes_ = 0;
    unsigned hosts_ = 0;
    unsigned content_lengths_ = 0;
    bool headers_done_ = false;
    bool expects_continue_ = false;
};

}  // namespace lintel::http::engine
