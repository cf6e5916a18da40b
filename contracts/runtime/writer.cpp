#include "writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "lintel/core/duration.hpp"
#include "lintel/core/error.hpp"

namespace lintel::contracts::detail {

void append_id(std::string& out, const core::Id& id)
{
    out += '"';
    out += id.to_string();
    out += '"';
}

void append_timestamp(std::string& out, core::Timestamp time)
{
    out += '"';
    out += core::to_rfc3339(time);
    out += '"';
}

void append_duration(std::string& out, std::chrono::milliseconds duration)
{
    out += '"';
    out += core::to_text(duration);
    out += '"';
}

void append_integer(std::string& out, std::int64_t value)
{
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
    out.append(digits.begin(), end);
}

void append_number(std::string& out, double value)
{
    if (!std::isfinite(value)) {
        throw core::Error{core::ErrorCode::internal,
                          "A number to be sent is infinite or undefined, which JSON cannot say."};
    }
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
    out.append(digits.begin(), end);
}

void append_boolean(std::string& out, bool value)
{
    out += value ? "true" : "false";
}

void append_string_or_integer(std::string& out, const std::variant<std::string, std::int64_t>& value)
{
    if (const auto* text = std::get_if<std::string>(&value)) {
        append_json_string(out, *text);
    } else {
        append_integer(out, std::get<std::int64_t>(value));
    }
}

void append_free_object(std::string& out, const std::string& text)
{
    out += text.empty() ? "{}" : text;
}

void append_free_value(std::string& out, const std::string& text)
{
    out += text.empty() ? "null" : text;
}

}  // namespace lintel::contracts::detail
