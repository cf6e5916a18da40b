#include "engine/response_head.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <string_view>

namespace lintel::http::engine {
namespace {

void append_number(std::string& out, std::uint64_t number)
{
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

/// RFC 9110, 5.6.7, made anew once a second and thread.
std::string_view date_line()
{
    thread_local std::time_t made_at = 0;
    thread_local std::array<char, 48> line{};
    thread_local std::size_t length = 0;
    const std::time_t now = std::time(nullptr);
    if (now != made_at) {
        std::tm utc{};
        gmtime_r(&now, &utc);
        // Names in English whatever the process's locale is: nothing here ever calls setlocale.
        length = std::strftime(line.data(), line.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
        made_at = now;
    }
    return {line.data(), length};
}

bool belongs_to_framing(std::string_view name) noexcept
{
    switch (name.size()) {
        case 4:
            return equals_ignoring_case(name, "Date");
        case 10:
            return equals_ignoring_case(name, "Connection");
        case 14:
            return equals_ignoring_case(name, "Content-Length");
        case 17:
            return equals_ignoring_case(name, "Transfer-Encoding");
        default:
            return false;
    }
}

bool is_safe(std::string_view text) noexcept
{
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

void append_head(std::string& out, const Response& response, const Framing& framing)
{
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(response.status));
    out += ' ';
    out += reason_phrase(response.status);
    out += "\r\n";
    for (std::size_t i = 0; i < response.headers.size(); ++i) {
        const auto [name, value] = response.headers[i];
        if (belongs_to_framing(name) || !is_safe(name) || !is_safe(value)) continue;
        out.append(name).append(": ").append(value).append("\r\n");
    }
    if (framing.is_chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    } else if (framing.content_length && !has_no_body(response.status)) {
        out += "Content-Length: ";
        append_number(out, *framing.content_length);
        out += "\r\n";
    }
    if (!framing.keep_alive)
        out += "Connection: close\r\n";
    else if (framing.version < 11)
        out += "Connection: keep-alive\r\n";
    out += date_line();
    out += "\r\n";
}

}  // namespace lintel::http::engine
