#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

#include "lintel/storage/database_error.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace lintel::storage {

/// How long statements take, by their names: OpenTelemetry's db.client.operation.duration. Used by one
/// thread.
class QueryMetrics {
public:
    explicit QueryMetrics(telemetry::Metrics& metrics) : metrics_(metrics) {}

    void succeeded(const char* query, std::chrono::steady_clock::duration took);
    void failed(const char* query, std::chrono::steady_clock::duration took, const DatabaseError& error);

private:
    telemetry::Histogram series(const char* query, const std::string& error_type);

    telemetry::Metrics& metrics_;
    std::unordered_map<const char*, telemetry::Histogram> succeeded_;
};

}  // namespace lintel::storage
