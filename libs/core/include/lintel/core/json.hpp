#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace lintel::core {

/// What a document from outside may be at most.
struct JsonLimits {
    std::size_t bytes = 1 << 20;
    std::size_t depth = 64;
};

/// Parses one JSON document (RFC 8259) that came from outside.
///
/// Checked before anything is built: size, nesting depth and UTF-8. Throws Error{too_large} or
/// Error{malformed} with the byte offset; also for a duplicate key, a number that no double comes near,
/// U+0000 in a string (Postgres cannot store it) and anything behind the document. Throws Error{invalid} with
/// their pointers for integers of a document that is otherwise acceptable when 64 bits do not hold them:
/// as doubles they would lose digits.
nlohmann::json parse_json(std::string_view text, const JsonLimits& limits = {});

/// One line, UTF-8, no spaces. Invalid UTF-8 is replaced, never thrown upon, so that it may be used for logs.
std::string dump_json(const nlohmann::json& value);

/// The integer that a JSON number is: 1.0 is one, 1.5 and what 64 bits do not hold are not. Nothing for
/// anything else.
std::optional<std::int64_t> exact_integer(const nlohmann::json& value) noexcept;

/// Appends one step of a JSON pointer (RFC 6901): a slash and the escaped key.
void append_pointer_step(std::string& pointer, std::string_view key);

/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace lintel::core
