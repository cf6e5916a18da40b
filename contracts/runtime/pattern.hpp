#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lintel::contracts::detail {

/// One step of a pattern: between `min` and `max` ASCII characters of a set.
/// The generator takes only patterns in which a step's characters cannot begin what follows it, so that
/// matching is greedy, linear and without backtracking.
struct PatternAtom {
    /// Bit c % 64 of word c / 64 stands for character c.
    std::array<std::uint64_t, 2> characters{};
    std::size_t min = 1;
    std::size_t max = 1;
};

/// True when the atoms match the whole text.
bool matches(std::string_view text, std::span<const PatternAtom> atoms) noexcept;

}  // namespace lintel::contracts::detail
