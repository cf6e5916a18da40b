#include "lintel/http/target.hpp"

#include <algorithm>
#include <string>

#include "lintel/core/error.hpp"
#include "utf8.hpp"

namespace lintel::http {
namespace {

constexpr int hex_digit(char c) noexcept
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// RFC 3986's characters, and the few that clients send unescaped although it forbids them: " < > [ \ ] ^ ` {
/// | }.
constexpr bool is_allowed(char c) noexcept
{
    return c > ' ' && c < '\x7f' && c != '#';
}

[[noreturn]] void refuse(const std::string& detail)
{
    throw core::Error(core::ErrorCode::malformed, detail);
}

std::string decode_or_refuse(std::string_view text)
{
    auto decoded = percent_decode(text, true);
    if (!decoded) refuse("the query string is not percent-encoded UTF-8");
    return std::move(*decoded);
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space)
{
    std::string decoded;
    decoded.reserve(text.size());
    bool is_ascii = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            if (text.size() - i < 3) return std::nullopt;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            is_ascii = is_ascii && high < 8;
            i += 2;
        } else if (!is_allowed(c)) {
            return std::nullopt;
        } else {
            decoded += plus_is_space && c == '+' ? ' ' : c;
        }
    }
    if (!is_ascii && !is_utf8(decoded)) return std::nullopt;
    return decoded;
}

Query Query::parse(std::string_view text)
{
    Query query;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        if (query.parameters_.size() == kMaxParameters)
            refuse("more than " + std::to_string(kMaxParameters) + " query parameters");
        const auto equals = std::min(pair.find('='), pair.size());
        const auto value = pair.substr(std::min(equals + 1, pair.size()));
        query.parameters_.emplace_back(decode_or_refuse(pair.substr(0, equals)), decode_or_refuse(value));
    }
    return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const
{
    std::optional<std::string_view> found;
    for (const auto& [key, value] : parameters_) {
        if (key != name) continue;
        if (found)
            throw core::Error(core::ErrorCode::invalid, "the query parameter '" + key + "' is given twice");
        found = value;
    }
    return found;
}

void Query::require_known(std::initializer_list<std::string_view> known) const
{
    std::vector<core::FieldError> faults;
    for (auto it = parameters_.begin(); it != parameters_.end(); ++it) {
        const auto& name = it->first;
        const bool seen =
            std::any_of(parameters_.begin(), it, [&](const auto& other) { return other.first == name; });
        if (std::find(known.begin(), known.end(), name) == known.end())
            faults.push_back({name, "no such query parameter"});
        else if (seen)
            faults.push_back({name, "given twice"});
    }
    if (!faults.empty())
        throw core::Error(core::ErrorCode::invalid, "the query string is not valid", std::move(faults));
}

Target parse_target(std::string_view target)
{
    if (target == "*") return {target, {}};
    if (!target.starts_with('/')) {
        const auto scheme = target.find("://");
        if (scheme == std::string_view::npos) refuse("the request target is neither a path nor a URI");
        target.remove_prefix(scheme + 3);
        const auto path = target.find_first_of("/?");
        if (path == std::string_view::npos) return {"/", {}};
        if (target[path] == '?') return {"/", target.substr(path + 1)};
        target.remove_prefix(path);
    }
    const auto question = std::min(target.find('?'), target.size());
    return {target.substr(0, question), target.substr(std::min(question + 1, target.size()))};
}

}  // namespace lintel::http
