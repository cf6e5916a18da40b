#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lintel/core/json.hpp"
#include "lintel/http/headers.hpp"
#include "lintel/http/method.hpp"
#include "lintel/http/target.hpp"
#include "lintel/telemetry/context.hpp"

namespace lintel::http {

/// A request as a handler gets it: complete, within its limits and decoded.
struct Request {
    Method method = Method::get;
    /// The path as it was sent, percent-encoded: for `instance` and `Location`.
    std::string path;
    /// The template that matched, `/v1/buildings/{id}`; lives as long as the server.
    std::string_view route;
    std::vector<std::pair<std::string_view, std::string>> path_parameters;
    Query query;
    Headers headers;
    std::string body;
    /// For whoever parses the body.
    core::JsonLimits json_limits;
    /// The client's trace, and the earlier of its Deadline header and the server's own.
    telemetry::Context context{{}, core::Deadline(core::Deadline::Clock::time_point::max())};
    /// The client's address without its port.
    std::string peer;

    /// A parameter of the route; asking for one that the template has not is a defect and throws
    /// Error{internal}.
    const std::string& path_parameter(std::string_view name) const;

    /// Throws Error{unsupported_media} unless the body's media type is one of `types`. Parameters are
    /// ignored, except that a charset must be UTF-8. An absent Content-Type passes: it says nothing false.
    void require_content_type(std::initializer_list<std::string_view> types) const;

    /// True when Accept is absent or lets `media_type` through; q=0 refuses.
    bool accepts(std::string_view media_type) const noexcept;
};

}  // namespace lintel::http
