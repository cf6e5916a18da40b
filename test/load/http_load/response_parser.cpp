#include "response_parser.hpp"

#include <strings.h>

#include <charconv>
#include <string>

namespace lintel::load {

namespace {

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() && strncasecmp(text.data(), prefix.data(), prefix.size()) == 0;
}

std::string_view value_of(std::string_view line)
{
    const std::size_t start = line.find_first_not_of(' ', line.find(':') + 1);
    return start == std::string_view::npos ? std::string_view{} : line.substr(start);
}

bool parse_number(std::string_view text, auto& value)
{
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
}

}  // namespace

ResponseParser::State ResponseParser::parse(std::string_view data)
{
    if (length_ == 0) {
        const std::size_t end = data.find("\r\n\r\n");
        if (end == std::string_view::npos) {
            return State::incomplete;
        }
        if (!parse_head(data.substr(0, end + 2))) {
            return State::broken;
        }
        length_ += end + 4;
    }
    if (data.size() < length_) {
        return State::incomplete;
    }
    return data.size() == length_ ? State::complete : State::broken;
}

bool ResponseParser::parse_head(std::string_view head)
{
    constexpr std::string_view kVersion = "HTTP/1.1 ";
    if (!head.starts_with(kVersion) || !parse_number(head.substr(kVersion.size(), 3), status_)) {
        return false;
    }
    bool has_length = status_ == 204 || status_ == 304;
    for (std::size_t start = head.find("\r\n") + 2; start < head.size();) {
        const std::size_t end = head.find("\r\n", start);
        const std::string_view line = head.substr(start, end - start);
        if (starts_with_ignoring_case(line, "content-length:")) {
            has_length = parse_number(value_of(line), length_);
        } else if (starts_with_ignoring_case(line, "connection:")) {
            keeps_alive_ = !starts_with_ignoring_case(value_of(line), "close");
        }
        start = end + 2;
    }
    return has_length;
}

}  // namespace lintel::load
