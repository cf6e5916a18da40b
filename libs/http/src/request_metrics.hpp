#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "engine/refusal.hpp"
#include "lintel/http/method.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace lintel::http {

/// The series of one server's requests. A series is looked up under a lock the first time it occurs and by
/// index after that. Thread-safe.
class RequestMetrics {
public:
    /// `routes`: how many there are; the index one past the last stands for requests that matched none.
    RequestMetrics(telemetry::Metrics& metrics, std::size_t routes);

    void observe(std::size_t route_index, std::string_view route, Method method, int status,
                 std::chrono::steady_clock::duration duration);
    void refused(engine::Refusal refusal) noexcept;
    void overloaded() noexcept { overloaded_.add(); }

private:
    static constexpr std::size_t kMethods = 8;
    static constexpr int kFirstStatus = 100;
    static constexpr std::size_t kStatuses = 500;

    using ByStatus = std::array<std::atomic<telemetry::Histogram*>, kStatuses>;
    using ByMethod = std::array<std::atomic<ByStatus*>, kMethods>;

    telemetry::Histogram& make(std::atomic<ByStatus*>& statuses, std::size_t status_index,
                               std::string_view route, Method method);

    telemetry::Metrics& metrics_;
    std::vector<ByMethod> routes_;
    telemetry::Counter overloaded_;
    std::vector<telemetry::Counter> refusals_;

    std::mutex mutex_;
    std::deque<ByStatus> status_tables_;
    std::deque<telemetry::Histogram> histograms_;
};

}  // namespace lintel::http
