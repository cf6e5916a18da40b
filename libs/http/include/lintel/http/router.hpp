#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "lintel/core/task.hpp"
#include "lintel/http/request.hpp"
#include "lintel/http/response.hpp"

namespace lintel::http {

/// Answers one route. Runs on an executor thread and must not block it. A core::Error it throws becomes a
/// problem, anything else a logged `internal`.
using Handler = std::function<core::Task<Response>(Request)>;

struct RouteOptions {
    /// Served without ServerOptions::authorize: health, metrics, the API description.
    bool is_public = false;
    /// Neither counted in nor refused by ProcessLimits::in_flight: what must answer when nothing else does.
    bool is_exempt_from_overload = false;
    /// How long a request asks to be waited for, as far as it may: its deadline is that much later than
    /// Limits::request_deadline, see ProcessLimits::waiting. What it throws is the answer. The handler ends
    /// the wait when the process begins to stop.
    std::function<std::chrono::milliseconds(const Request&)> asked_wait{};
};

/// Which handler answers which path. Filled before the server starts, read-only after that.
///
/// A template is a path whose segments are literal or one parameter: `/v1/buildings/{id}`. A literal segment
/// wins over a parameter. GET also serves HEAD; OPTIONS and 405 with Allow come by themselves (RFC
/// 9110, 9.3.7 and 15.5.6).
class Router {
public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    /// Throws Error{internal} for a malformed or doubled template: a defect of the program.
    void add(Method method, std::string_view path_template, Handler handler, RouteOptions options = {});

    class Table;
    const Table& table() const noexcept { return *table_; }

private:
    std::unique_ptr<Table> table_;
};

}  // namespace lintel::http
