#pragma once

#include <chrono>
#include <map>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "lintel/telemetry/metrics.hpp"

namespace lintel::messaging {

/// Durations of calls by subject and outcome, under OpenTelemetry's names for RPC. Thread-safe.
class CallMetrics {
public:
    /// `name` is rpc_client_call_duration_seconds or rpc_server_call_duration_seconds.
    CallMetrics(telemetry::Metrics& metrics, std::string name, std::string help);

    /// `error` is empty for a success.
    void observe(const std::string& subject, std::string_view error,
                 std::chrono::steady_clock::duration took);

private:
    telemetry::Histogram find(const std::string& subject, std::string_view error);

    telemetry::Metrics& metrics_;
    const std::string name_;
    const std::string help_;
    std::shared_mutex mutex_;
    std::map<std::string, telemetry::Histogram, std::less<>> series_;
};

}  // namespace lintel::messaging
