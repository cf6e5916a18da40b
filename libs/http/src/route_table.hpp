#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lintel/http/router.hpp"

namespace lintel::http {

/// What is served at one template.
struct Route {
    struct Segment {
        /// The literal, or the parameter's name.
        std::string text;
        bool is_parameter = false;
    };
    struct Entry {
        Method method;
        Handler handler;
        RouteOptions options;
    };

    /// Counts up in the order of Router::add.
    std::size_t index = 0;
    std::string path_template;
    std::vector<Segment> segments;
    std::vector<Entry> entries;

    /// The entry that serves `method`; GET's for HEAD.
    const Entry* find(Method method) const noexcept;
    /// The value of Allow.
    std::string allow() const;
};

class Router::Table {
public:
    struct Match {
        const Route* route = nullptr;
        std::vector<std::pair<std::string_view, std::string>> parameters;
    };

    void add(Method method, std::string_view path_template, Handler handler, RouteOptions options);

    /// The route of an encoded path; none when nothing matches. Throws Error{malformed} for bad
    /// percent-encoding.
    Match match(std::string_view path) const;

    const std::vector<std::unique_ptr<Route>>& routes() const noexcept { return routes_; }

private:
    std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace lintel::http
