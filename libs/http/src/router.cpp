#include "lintel/http/router.hpp"

#include <algorithm>

#include "lintel/core/error.hpp"
#include "lintel/http/target.hpp"
#include "route_table.hpp"

namespace lintel::http {
namespace {

/// Calls `function` with each part between slashes of a path that starts with one; stops when it returns
/// false.
template <typename Function>
bool each_segment(std::string_view path, Function function)
{
    path.remove_prefix(1);
    for (;;) {
        const auto slash = path.find('/');
        if (!function(path.substr(0, slash))) return false;
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
}

[[noreturn]] void refuse_template(std::string_view path_template, const char* why)
{
    throw core::Error(core::ErrorCode::internal, "route " + std::string(path_template) + ": " + why);
}

[[noreturn]] void refuse_path()
{
    throw core::Error(core::ErrorCode::malformed, "the path is not percent-encoded UTF-8");
}

std::vector<Route::Segment> parse_template(std::string_view path_template)
{
    if (!path_template.starts_with('/')) refuse_template(path_template, "a template starts with '/'");
    std::vector<Route::Segment> segments;
    each_segment(path_template, [&](std::string_view part) {
        const bool opens = part.starts_with('{');
        const bool closes = part.ends_with('}');
        if (opens != closes || (opens && part.size() < 3))
            refuse_template(path_template, "a parameter is a whole segment, '{name}'");
        segments.push_back({std::string(opens ? part.substr(1, part.size() - 2) : part), opens});
        return true;
    });
    return segments;
}

/// Compares encoded text with a literal; only a path that escapes what needs no escape has to be decoded for
/// it.
bool matches_literal(std::string_view part, std::string_view literal)
{
    if (part == literal) return true;
    if (part.find('%') == std::string_view::npos) return false;
    const auto decoded = percent_decode(part);
    return decoded && *decoded == literal;
}

/// Literal segments win from left to right; templates of different length never meet.
bool is_more_literal(const Route& left, const Route& right)
{
    if (left.segments.size() != right.segments.size()) return false;
    for (std::size_t i = 0; i < left.segments.size(); ++i)
        if (left.segments[i].is_parameter != right.segments[i].is_parameter)
            return right.segments[i].is_parameter;
    return false;
}

bool matches(const Route& route, const std::vector<std::string_view>& parts)
{
    if (route.segments.size() != parts.size()) return false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& segment = route.segments[i];
        if (segment.is_parameter ? parts[i].empty() : !matches_literal(parts[i], segment.text)) return false;
    }
    return true;
}

}  // namespace

const Route::Entry* Route::find(Method method) const noexcept
{
    const Entry* get = nullptr;
    for (const auto& entry : entries) {
        if (entry.method == method) return &entry;
        if (entry.method == Method::get) get = &entry;
    }
    return method == Method::head ? get : nullptr;
}

std::string Route::allow() const
{
    std::string methods;
    for (const auto& entry : entries) {
        methods += to_string(entry.method);
        methods += entry.method == Method::get ? ", HEAD, " : ", ";
    }
    return methods + "OPTIONS";
}

void Router::Table::add(Method method, std::string_view path_template, Handler handler, RouteOptions options)
{
    const auto same = std::find_if(routes_.begin(), routes_.end(),
                                   [&](const auto& route) { return route->path_template == path_template; });
    Route* route = same == routes_.end() ? nullptr : same->get();
    if (!route) {
        auto made = std::make_unique<Route>();
        made->index = routes_.size();
        made->path_template = path_template;
        made->segments = parse_template(path_template);
        const auto place = std::find_if(routes_.begin(), routes_.end(),
                                        [&](const auto& other) { return is_more_literal(*made, *other); });
        route = routes_.insert(place, std::move(made))->get();
    }
    for (const auto& entry : route->entries)
        if (entry.method == method) refuse_template(path_template, "the method is served already");
    route->entries.push_back({method, std::move(handler), std::move(options)});
}

Router::Table::Match Router::Table::match(std::string_view path) const
{
    Match match;
    if (!path.starts_with('/')) return match;
    std::vector<std::string_view> parts;
    parts.reserve(8);
    each_segment(path, [&](std::string_view part) {
        parts.push_back(part);
        return true;
    });
    const auto found = std::find_if(routes_.begin(), routes_.end(),
                                    [&](const auto& route) { return matches(*route, parts); });
    if (found == routes_.end()) {
        if (!percent_decode(path)) refuse_path();
        return match;
    }
    match.route = found->get();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& segment = match.route->segments[i];
        if (!segment.is_parameter) continue;
        auto value = percent_decode(parts[i]);
        if (!value) refuse_path();
        match.parameters.emplace_back(segment.text, std::move(*value));
    }
    return match;
}

Router::Router() : table_(std::make_unique<Table>())
{
}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string_view path_template, Handler handler, RouteOptions options)
{
    table_->add(method, path_template, std::move(handler), std::move(options));
}

}  // namespace lintel::http
