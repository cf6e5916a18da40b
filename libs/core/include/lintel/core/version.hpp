#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace lintel::core {

/// The versions that a change is meant for (If-Match, RFC 9110, 13.1.1); nothing for any.
using ExpectedVersions = std::optional<std::vector<std::int64_t>>;

/// Throws Error{precondition} when `version` is none of those. `noun` is for its text: building, product, ...
void expect_version(const ExpectedVersions& expected, std::int64_t version, std::string_view noun);

}  // namespace lintel::core
