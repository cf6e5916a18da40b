#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace lintel::contracts {

/// How the values of a generated enumeration are written, in their order: of `only` that one, otherwise all.
template <typename Enum>
std::vector<std::string_view> texts_of(const std::optional<Enum>& only)
{
    if (only) return {to_string(*only)};
    std::vector<std::string_view> texts;
    // to_string() of what is no value is empty.
    for (int value = 0;; ++value) {
        const auto text = to_string(static_cast<Enum>(value));
        if (text.empty()) return texts;
        texts.push_back(text);
    }
}

}  // namespace lintel::contracts
