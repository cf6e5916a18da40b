#include "lintel/storage/parameter.hpp"

#include <array>
#include <charconv>

#include "lintel/core/error.hpp"

namespace lintel::storage {
namespace {

void refuse_nul(std::string_view text)
{
    if (text.find('\0') != std::string_view::npos)
        throw core::Error(core::ErrorCode::invalid, "text must not contain U+0000");
}

std::string shortest(double value)
{
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return std::string(buffer.data(), end);
}

}  // namespace

Parameter::Parameter(std::string text) : text_(std::move(text))
{
    refuse_nul(*text_);
}

Parameter::Parameter(double value) : text_(shortest(value))
{
}

void ArrayLiteral::add(std::nullopt_t)
{
    add_bare("NULL");
}

void ArrayLiteral::add(double value)
{
    add_bare(shortest(value));
}

void ArrayLiteral::add(std::string_view text)
{
    refuse_nul(text);
    if (literal_.size() > 1) literal_ += ',';
    literal_ += '"';
    for (auto at = text.find_first_of("\"\\"); at != std::string_view::npos;
         at = text.find_first_of("\"\\")) {
        literal_.append(text.substr(0, at));
        literal_ += '\\';
        literal_ += text[at];
        text.remove_prefix(at + 1);
    }
    literal_.append(text);
    literal_ += '"';
}

void ArrayLiteral::add_bare(std::string_view text)
{
    if (literal_.size() > 1) literal_ += ',';
    literal_.append(text);
}

std::string ArrayLiteral::take() &&
{
    literal_ += '}';
    return std::move(literal_);
}

}  // namespace lintel::storage
