#include "rules.hpp"

#include <algorithm>
#include <cstddef>

namespace lintel::workflow {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxSubject = 255;
constexpr std::ptrdiff_t kMaxDescription = 2000;

bool is_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_word(std::string_view text, std::string_view also) noexcept
{
    return !text.empty() && text.size() <= kMaxName && is_letter(text.front()) &&
           std::ranges::all_of(text, [also](char c) {
               return is_letter(c) || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
           });
}

}  // namespace

bool is_name(std::string_view text) noexcept
{
    return is_word(text, "-_");
}

bool is_subject(std::string_view text) noexcept
{
    if (text.size() > kMaxSubject || text.starts_with('$') || text.starts_with("_INBOX")) return false;
    char before = '.';
    for (const char c : text) {
        if (c <= ' ' || c > '~' || c == '*' || c == '>' || (c == '.' && before == '.')) return false;
        before = c;
    }
    return before != '.';
}

bool is_error_code(std::string_view text) noexcept
{
    return is_word(text, "-_.");
}

bool is_description(std::string_view text) noexcept
{
    const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return std::ranges::count_if(text, begins_character) <= kMaxDescription;
}

}  // namespace lintel::workflow
