#include "request_metrics.hpp"

#include <algorithm>
#include <string>

namespace lintel::http {
namespace {

telemetry::Counter refused_counter(telemetry::Metrics& metrics, std::string_view reason)
{
    return metrics.counter("http_server_refused_requests_total",
                           "Requests turned away before a handler saw them.",
                           {{"reason", std::string(reason)}});
}

}  // namespace

RequestMetrics::RequestMetrics(telemetry::Metrics& metrics, std::size_t routes)
    : metrics_(metrics), routes_(routes + 1), overloaded_(refused_counter(metrics, "overloaded"))
{
    for (const auto refusal : engine::kRefusals)
        refusals_.push_back(refused_counter(metrics, engine::to_string(refusal)));
}

void RequestMetrics::observe(std::size_t route_index, std::string_view route, Method method, int status,
                             std::chrono::steady_clock::duration duration)
{
    auto& statuses = routes_[std::min(route_index, routes_.size() - 1)][static_cast<std::size_t>(method)];
    const auto status_index =
        static_cast<std::size_t>(std::clamp(status - kFirstStatus, 0, int{kStatuses} - 1));
    telemetry::Histogram* histogram = nullptr;
    if (auto* table = statuses.load(std::memory_order_acquire))
        histogram = (*table)[status_index].load(std::memory_order_acquire);
    if (!histogram) histogram = &make(statuses, status_index, route, method);
    histogram->observe(std::chrono::duration<double>(duration).count());
}

telemetry::Histogram& RequestMetrics::make(std::atomic<ByStatus*>& statuses, std::size_t status_index,
                                           std::string_view route, Method method)
{
    const std::lock_guard lock(mutex_);
    auto* table = statuses.load(std::memory_order_acquire);
    if (!table) {
        table = &status_tables_.emplace_back();
        statuses.store(table, std::memory_order_release);
    }
    auto& slot = (*table)[status_index];
    if (auto* made = slot.load(std::memory_order_acquire)) return *made;
    auto& histogram = histograms_.emplace_back(metrics_.histogram(
        "http_server_request_duration_seconds", "Duration of HTTP server requests.",
        telemetry::kRequestSeconds,
        {{"http_request_method", std::string(to_string(method))},
         {"http_route", std::string(route)},
         {"http_response_status_code", std::to_string(static_cast<int>(status_index) + kFirstStatus)}}));
    slot.store(&histogram, std::memory_order_release);
    return histogram;
}

void RequestMetrics::refused(engine::Refusal refusal) noexcept
{
    refusals_[static_cast<std::size_t>(refusal)].add();
}

}  // namespace lintel::http
