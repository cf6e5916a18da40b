#include "query_metrics.hpp"

namespace lintel::storage {
namespace {

double in_seconds(std::chrono::steady_clock::duration took)
{
    return std::chrono::duration<double>(took).count();
}

}  // namespace

void QueryMetrics::succeeded(const char* query, std::chrono::steady_clock::duration took)
{
    auto found = succeeded_.find(query);
    if (found == succeeded_.end()) found = succeeded_.emplace(query, series(query, {})).first;
    found->second.observe(in_seconds(took));
}

void QueryMetrics::failed(const char* query, std::chrono::steady_clock::duration took,
                          const DatabaseError& error)
{
    series(query, error.sqlstate().empty() ? "connection_lost" : error.sqlstate()).observe(in_seconds(took));
}

telemetry::Histogram QueryMetrics::series(const char* query, const std::string& error_type)
{
    telemetry::Labels labels{{"db_system_name", "postgresql"}, {"db_operation_name", query}};
    if (!error_type.empty()) labels.emplace_back("error_type", error_type);
    return metrics_.histogram("db_client_operation_duration_seconds",
                              "Duration of database client operations.", telemetry::kDatabaseSeconds, labels);
}

}  // namespace lintel::storage
