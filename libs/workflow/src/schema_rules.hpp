#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "document.hpp"

namespace lintel::workflow {

/// Stands in a rewritten schema for the keywords that this library checks itself, pattern, format and
/// multipleOf: a text that is an object of those.
inline constexpr const char* kOwnKeywords = "lintel";

/// `schema` without annotations, without what the validator does not survive, and with some keywords gathered
/// under kOwnKeywords. Everything that is not taken is a fault.
///
/// valijson 1.0 matches `pattern` and `format` with std::regex, which a long text lets run out of stack and
/// an unlucky pattern out of time; `format` throws on what is no text; `multipleOf` divides by what it is
/// given; keywords that it does not know it ignores; and a schema that refers to itself, or to others over
/// and over, it follows without end.
nlohmann::json rewrite_schema(const nlohmann::json& schema, const std::string& pointer, Faults& faults);

}  // namespace lintel::workflow
