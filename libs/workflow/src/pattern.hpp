#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lintel::workflow {

/// A regular expression without groups and alternatives: characters and classes of them, each with ?, *, +,
/// {n}, {n,} or {n,m}, and ^ and $ at the ends. Matched in time proportional to text times pattern, whatever
/// they are.
class Pattern {
public:
    /// Nothing, and why, for what is not taken.
    static std::optional<Pattern> parse(std::string_view text, std::string& why);

    /// Whether some part of `text`, which is UTF-8, matches; all of it with ^ and $.
    bool matches(std::string_view text) const;

private:
    friend class PatternParser;

    struct Atom {
        /// Of ASCII.
        std::array<bool, 128> characters{};
        bool takes_others = false;
        std::size_t min = 1;
        std::size_t max = 1;

        bool takes(char32_t c) const noexcept { return c < characters.size() ? characters[c] : takes_others; }
    };

    std::vector<Atom> atoms_;
    bool begins_at_begin_ = false;
    bool ends_at_end_ = false;
};

}  // namespace lintel::workflow
