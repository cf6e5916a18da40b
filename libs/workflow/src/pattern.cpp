#include "pattern.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace lintel::workflow {
namespace {

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kMaxPattern = 1000;
constexpr std::size_t kMaxRepeat = 100'000;

/// One element for each code point; what it is matters for ASCII only.
std::u32string characters_of(std::string_view text)
{
    std::u32string characters;
    characters.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80U || byte >= 0xC0U) characters.push_back(byte);
    }
    return characters;
}

/// What a step of a pattern can reach: `from[i]` says whether it may begin at i, the result where it may end.
/// An end is reached when some beginning lies `min` to `max` before it, and all between is taken.
template <class Takes>
std::vector<bool> advance(const std::u32string& text, const std::vector<bool>& from, std::size_t min,
                          std::size_t max, const Takes& takes)
{
    std::vector<std::size_t> beginnings(text.size() + 2);
    for (std::size_t at = 0; at <= text.size(); ++at)
        beginnings[at + 1] = beginnings[at] + (from[at] ? 1U : 0U);
    std::vector<bool> ends(text.size() + 1);
    std::size_t run = 0;  // where the characters that are taken, up to here, begin
    for (std::size_t end = 0; end <= text.size(); ++end) {
        if (end > 0 && !takes(text[end - 1])) run = end;
        if (min > end) continue;
        const auto first = std::max(run, end - std::min(max, end));
        const auto last = end - min;
        ends[end] = first <= last && beginnings[last + 1] > beginnings[first];
    }
    return ends;
}

}  // namespace

class PatternParser {
public:
    explicit PatternParser(std::string_view text) : rest_(text) {}

    bool parse(Pattern& pattern)
    {
        if (rest_.size() > kMaxPattern) return refuse("has more than 1000 characters");
        if (take('^')) pattern.begins_at_begin_ = true;
        while (!rest_.empty()) {
            if (rest_ == "$") {
                pattern.ends_at_end_ = true;
                return true;
            }
            if (!read_atom(pattern.atoms_.emplace_back())) return false;
        }
        return true;
    }

    const std::string& why() const noexcept { return why_; }

private:
    using Atom = Pattern::Atom;

    bool read_atom(Atom& atom)
    {
        const char c = pop();
        if (c == '[') {
            if (!read_class(atom)) return false;
        } else if (c == '.') {
            take_all_but(atom, "\n\r");
        } else if (c == '\\') {
            if (!read_escape(atom)) return false;
        } else if (std::string_view("()|^$*+?{}]").find(c) != std::string_view::npos) {
            return refuse(
                "takes characters and classes of them, with ?, *, + and {n,m}, between ^ and $; no groups "
                "and no alternatives");
        } else if (!add(atom, c)) {
            return false;
        }
        return read_repeat(atom);
    }

    bool read_class(Atom& atom)
    {
        const bool is_negated = take('^');
        if (rest_.starts_with(']')) return refuse("has a class without characters");
        while (!take(']')) {
            if (rest_.empty()) return refuse("has a class that is not closed");
            if (!read_range(atom)) return false;
        }
        if (is_negated) {
            for (bool& is_in : atom.characters)
                is_in = !is_in;
            atom.takes_others = !atom.takes_others;
        }
        return true;
    }

    bool read_range(Atom& atom)
    {
        const char low = pop();
        if (low == '\\') return read_escape(atom);
        if (low == '[') return refuse("has an unescaped [ inside a class");
        if (rest_.size() < 2 || rest_.front() != '-' || rest_[1] == ']') return add(atom, low);
        pop();
        char high = pop();
        if (high == '\\') high = rest_.empty() ? '\0' : pop();
        if (high < low) return refuse("has a range that is the wrong way round");
        for (int c = low; c <= high; ++c) {
            if (!add(atom, static_cast<char>(c))) return false;
        }
        return true;
    }

    bool read_escape(Atom& atom)
    {
        if (rest_.empty()) return refuse("ends in a backslash");
        const char c = pop();
        if (c == 'd' || c == 'w' || c == 's') {
            for (const char member : class_of(c))
                add(atom, member);
            return true;
        }
        if (c == 'D' || c == 'W' || c == 'S') {
            take_all_but(atom, class_of(static_cast<char>(c + ('a' - 'A'))));
            return true;
        }
        const std::string_view known = "nrt";
        if (const auto at = known.find(c); at != std::string_view::npos) return add(atom, "\n\r\t"[at]);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            return refuse("has the escape \\" + std::string(1, c) + ", which is not taken");
        return add(atom, c);
    }

    bool read_repeat(Atom& atom)
    {
        if (take('?')) {
            atom.min = 0;
        } else if (take('*')) {
            atom.min = 0;
            atom.max = kUnlimited;
        } else if (take('+')) {
            atom.max = kUnlimited;
        } else if (take('{')) {
            if (!read_count(atom.min)) return refuse("has a repetition that is not {n}, {n,} or {n,m}");
            atom.max = atom.min;
            if (take(',') && !read_count(atom.max)) atom.max = kUnlimited;
            if (!take('}') || atom.max < atom.min)
                return refuse("has a repetition that is not {n}, {n,} or {n,m}");
        }
        if (!rest_.empty() && std::string_view("?*+{").find(rest_.front()) != std::string_view::npos)
            return refuse("repeats a repetition");
        return true;
    }

    bool read_count(std::size_t& count)
    {
        const char* const end = rest_.data() + rest_.size();
        const auto [parsed, error] = std::from_chars(rest_.data(), end, count);
        if (error != std::errc() || count > kMaxRepeat) return false;
        rest_.remove_prefix(static_cast<std::size_t>(parsed - rest_.data()));
        return true;
    }

    static std::string_view class_of(char c)
    {
        if (c == 'd') return "0123456789";
        if (c == 's') return " \t\n\r\f\v";
        return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    }

    static void take_all_but(Atom& atom, std::string_view others)
    {
        for (std::size_t c = 0; c < atom.characters.size(); ++c) {
            if (others.find(static_cast<char>(c)) == std::string_view::npos) atom.characters[c] = true;
        }
        atom.takes_others = true;
    }

    bool add(Atom& atom, char c)
    {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= atom.characters.size()) return refuse("has a character that is not ASCII");
        atom.characters[byte] = true;
        return true;
    }

    char pop()
    {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    bool take(char c)
    {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool refuse(std::string why)
    {
        if (why_.empty()) why_ = std::move(why);
        return false;
    }

    std::string_view rest_;
    std::string why_;
};

std::optional<Pattern> Pattern::parse(std::string_view text, std::string& why)
{
    Pattern pattern;
    PatternParser parser(text);
    if (parser.parse(pattern)) return pattern;
    why = parser.why();
    return std::nullopt;
}

bool Pattern::matches(std::string_view text) const
{
    const auto characters = characters_of(text);
    std::vector<bool> reached(characters.size() + 1, !begins_at_begin_);
    reached[0] = true;
    for (const auto& atom : atoms_)
        reached =
            advance(characters, reached, atom.min, atom.max, [&atom](char32_t c) { return atom.takes(c); });
    return ends_at_end_ ? reached.back() : std::ranges::find(reached, true) != reached.end();
}

}  // namespace lintel::workflow
