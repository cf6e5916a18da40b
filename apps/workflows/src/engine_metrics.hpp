#pragma once

#include <map>
#include <mutex>
#include <string>

#include "lintel/storage/rows.hpp"
#include "lintel/telemetry/metrics.hpp"
#include "transit.hpp"

namespace lintel::workflows {

/// What operators see of the engine: numbers, and a log line for each change of a workflow's status.
/// Thread-safe.
class EngineMetrics {
public:
    explicit EngineMetrics(telemetry::Metrics& metrics);

    /// After the commit: what a transition has told.
    void told(const RunResult& result);
    /// An attempt has ended.
    void attempted(std::chrono::steady_clock::duration took);
    /// What a poll has found waiting.
    void found(const storage::Row& look);
    /// Attempts under way in this replica.
    void working_on(std::size_t attempts);

private:
    telemetry::Counter& counter(const std::string& event);

    telemetry::Metrics& metrics_;
    telemetry::Counter claims_;
    telemetry::Histogram attempts_;
    telemetry::Gauge in_flight_;
    telemetry::Gauge ready_;
    telemetry::Gauge oldest_;
    telemetry::Gauge overdue_;
    telemetry::Gauge dead_;
    telemetry::Gauge retrying_;
    std::mutex mutex_;
    std::map<std::string, telemetry::Counter> events_;
};

}  // namespace lintel::workflows
