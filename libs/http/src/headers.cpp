#include "lintel/http/headers.hpp"

#include <algorithm>

namespace lintel::http {
namespace {

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept
{
    return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(),
                                                     [](char a, char b) { return lower(a) == lower(b); });
}

void Headers::add(std::string_view name, std::string_view value)
{
    const auto at = static_cast<std::uint32_t>(text_.size());
    const auto value_at = static_cast<std::uint32_t>(at + name.size());
    text_.append(name).append(value);
    spans_.push_back({at, value_at, static_cast<std::uint32_t>(value_at + value.size())});
}

void Headers::set(std::string_view name, std::string_view value)
{
    const std::string_view text = text_;
    std::erase_if(spans_, [&](const Span& span) {
        return equals_ignoring_case(text.substr(span.name, span.value - span.name), name);
    });
    add(name, value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept
{
    for (std::size_t i = 0; i < spans_.size(); ++i) {
        const Field field = (*this)[i];
        if (equals_ignoring_case(field.name, name)) return field.value;
    }
    return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const noexcept
{
    std::size_t found = 0;
    for (std::size_t i = 0; i < spans_.size(); ++i)
        if (equals_ignoring_case((*this)[i].name, name)) ++found;
    return found;
}

Headers::Field Headers::operator[](std::size_t index) const noexcept
{
    const Span& span = spans_[index];
    const std::string_view text = text_;
    return {text.substr(span.name, span.value - span.name), text.substr(span.value, span.end - span.value)};
}

void Headers::reserve(std::size_t fields, std::size_t bytes)
{
    spans_.reserve(fields);
    text_.reserve(bytes);
}

void Headers::clear() noexcept
{
    spans_.clear();
    text_.clear();
}

}  // namespace lintel::http
