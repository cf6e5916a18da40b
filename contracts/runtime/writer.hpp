#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "lintel/core/id.hpp"
#include "lintel/core/json.hpp"
#include "lintel/core/time.hpp"

/// What the generated serialisers are made of: each appends one value as JSON.
namespace lintel::contracts::detail {

using core::append_json_string;

void append_id(std::string& out, const core::Id& id);
void append_timestamp(std::string& out, core::Timestamp time);
/// As core::to_text() writes it.
void append_duration(std::string& out, std::chrono::milliseconds duration);
void append_integer(std::string& out, std::int64_t value);
/// The shortest text that reads back as the same double. Throws Error{internal} for what JSON cannot say.
void append_number(std::string& out, double value);
void append_boolean(std::string& out, bool value);
void append_string_or_integer(std::string& out, const std::variant<std::string, std::int64_t>& value);
/// `text` is the JSON text of an object; the empty text stands for the empty object.
void append_free_object(std::string& out, const std::string& text);
/// `text` is JSON text; the empty text stands for null.
void append_free_value(std::string& out, const std::string& text);

/// Members and elements are written with a comma behind each; this puts the closing bracket in the last one's
/// place.
inline void close(std::string& out, char bracket)
{
    if (out.back() == ',') {
        out.back() = bracket;
    } else {
        out += bracket;
    }
}

}  // namespace lintel::contracts::detail
