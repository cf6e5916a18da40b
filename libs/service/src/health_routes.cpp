#include "health_routes.hpp"

namespace lintel::service {
namespace {

const http::RouteOptions kAlwaysAnswered{.is_public = true, .is_exempt_from_overload = true};

http::Response to_response(Health::Report report)
{
    return http::Response::json(report.is_ok ? 200 : 503, std::move(report.json))
        .with_header("Cache-Control", "no-cache, no-store, must-revalidate");
}

}  // namespace

void add_health_routes(http::Router& router, const Health& health)
{
    const auto live = [&health](http::Request) -> core::Task<http::Response> {
        co_return to_response(health.live());
    };
    const auto ready = [&health](http::Request) -> core::Task<http::Response> {
        co_return to_response(health.ready());
    };
    router.add(http::Method::get, "/health/live", live, kAlwaysAnswered);
    router.add(http::Method::get, "/health/ready", ready, kAlwaysAnswered);
    router.add(http::Method::get, "/health", ready, kAlwaysAnswered);
}

void add_metrics_route(http::Router& router, const telemetry::Metrics& metrics)
{
    const auto render = [&metrics](http::Request) -> core::Task<http::Response> {
        http::Response response;
        response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.body = metrics.render();
        co_return response;
    };
    router.add(http::Method::get, "/metrics", render, kAlwaysAnswered);
}

}  // namespace lintel::service
