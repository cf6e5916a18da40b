#pragma once

#include <string_view>

namespace lintel::workflow {

/// [A-Za-z][A-Za-z0-9_-]{0,63}: of definitions, steps and signals.
bool is_name(std::string_view text) noexcept;
inline constexpr std::string_view kNameRule =
    "a name: a letter, then at most 63 letters, digits, hyphens and underscores";

/// A subject that can be published to, and is neither the broker's own nor an inbox.
bool is_subject(std::string_view text) noexcept;
inline constexpr std::string_view kSubjectRule =
    "a NATS subject of at most 255 characters, without wildcards and spaces, that does not begin with $ or "
    "_INBOX";

/// The code of an error, as a service answers with it.
bool is_error_code(std::string_view text) noexcept;
inline constexpr std::string_view kErrorCodeRule =
    "the code of an error: a letter, then at most 63 letters, digits, dots, hyphens and underscores";

/// Text for people.
bool is_description(std::string_view text) noexcept;
inline constexpr std::string_view kDescriptionRule = "a text of at most 2000 characters";

}  // namespace lintel::workflow
