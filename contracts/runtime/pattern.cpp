#include "pattern.hpp"

namespace lintel::contracts::detail {

namespace {

bool contains(const PatternAtom& atom, char c) noexcept
{
    const auto code = static_cast<unsigned char>(c);
    return code < 128 && (atom.characters[code / 64] >> (code % 64) & 1) != 0;
}

}  // namespace

bool matches(std::string_view text, std::span<const PatternAtom> atoms) noexcept
{
    std::size_t at = 0;
    for (const auto& atom : atoms) {
        std::size_t count = 0;
        while (count < atom.max && at < text.size() && contains(atom, text[at])) {
            ++count;
            ++at;
        }
        if (count < atom.min) return false;
    }
    return at == text.size();
}

}  // namespace lintel::contracts::detail
