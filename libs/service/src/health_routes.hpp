#pragma once

#include "lintel/http/router.hpp"
#include "lintel/service/health.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace lintel::service {

/// GET /health, /health/live and /health/ready. `health` outlives the router.
void add_health_routes(http::Router& router, const Health& health);

/// GET /metrics. `metrics` outlives the router.
void add_metrics_route(http::Router& router, const telemetry::Metrics& metrics);

}  // namespace lintel::service
