#include "lintel/http/request.hpp"

#include <algorithm>

#include "lintel/core/error.hpp"

namespace lintel::http {
namespace {

std::string_view trim(std::string_view text) noexcept
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts the part before `separator` off the front of `rest`.
std::string_view next_part(std::string_view& rest, char separator) noexcept
{
    const auto end = std::min(rest.find(separator), rest.size());
    const auto part = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

bool names_other_charset(std::string_view parameters) noexcept
{
    while (!parameters.empty()) {
        auto value = next_part(parameters, ';');
        const auto name = next_part(value, '=');
        if (!equals_ignoring_case(name, "charset")) continue;
        value = trim(value);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return !equals_ignoring_case(value, "utf-8") && !equals_ignoring_case(value, "utf8");
    }
    return false;
}

bool range_covers(std::string_view range, std::string_view media_type) noexcept
{
    if (range == "*/*" || range == "*" || equals_ignoring_case(range, media_type)) return true;
    const auto slash = media_type.find('/');
    return range.ends_with("/*") &&
           equals_ignoring_case(range.substr(0, range.size() - 1), media_type.substr(0, slash + 1));
}

bool has_quality_zero(std::string_view parameters) noexcept
{
    while (!parameters.empty()) {
        auto value = next_part(parameters, ';');
        const auto name = next_part(value, '=');
        if (!equals_ignoring_case(name, "q")) continue;
        return !value.empty() && value.find_first_not_of("0.") == std::string_view::npos;
    }
    return false;
}

}  // namespace

const std::string& Request::path_parameter(std::string_view name) const
{
    for (const auto& [known, value] : path_parameters)
        if (known == name) return value;
    throw core::Error(core::ErrorCode::internal,
                      "the route " + std::string(route) + " has no parameter '" + std::string(name) + "'");
}

void Request::require_content_type(std::initializer_list<std::string_view> types) const
{
    const auto header = headers.find("Content-Type");
    if (!header) return;
    auto rest = *header;
    const auto type = next_part(rest, ';');
    const bool is_known = std::any_of(types.begin(), types.end(),
                                      [&](auto known) { return equals_ignoring_case(known, type); });
    if (is_known && !names_other_charset(rest)) return;

    std::string detail = "the body must be";
    for (const auto* known = types.begin(); known != types.end(); ++known) {
        detail += known == types.begin() ? " " : " or ";
        detail += *known;
    }
    throw core::Error(core::ErrorCode::unsupported_media, detail + " in UTF-8");
}

bool Request::accepts(std::string_view media_type) const noexcept
{
    const auto header = headers.find("Accept");
    if (!header || trim(*header).empty()) return true;
    auto rest = *header;
    while (!rest.empty()) {
        auto range = next_part(rest, ',');
        const auto type = next_part(range, ';');
        if (range_covers(type, media_type) && !has_quality_zero(range)) return true;
    }
    return false;
}

}  // namespace lintel::http
