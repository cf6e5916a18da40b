#include "lintel/http/method.hpp"

#include <array>
#include <utility>

namespace lintel::http {
namespace {

constexpr std::array<std::pair<std::string_view, Method>, 7> kMethods = {{
    {"GET", Method::get},
    {"POST", Method::post},
    {"HEAD", Method::head},
    {"PUT", Method::put},
    {"PATCH", Method::patch},
    {"DELETE", Method::del},
    {"OPTIONS", Method::options},
}};

}  // namespace

std::string_view to_string(Method method) noexcept
{
    for (const auto& [text, known] : kMethods)
        if (known == method) return text;
    return "_OTHER";
}

Method method_from_string(std::string_view text) noexcept
{
    for (const auto& [known, method] : kMethods)
        if (known == text) return method;
    return Method::other;
}

}  // namespace lintel::http
