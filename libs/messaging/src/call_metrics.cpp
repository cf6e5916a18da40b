#include "call_metrics.hpp"

#include <mutex>

namespace lintel::messaging {
namespace {

/// Subjects beyond so many series are counted together: a caller that puts ids into subjects must not fill
/// the memory.
constexpr std::size_t kSeriesMax = 512;

}  // namespace

CallMetrics::CallMetrics(telemetry::Metrics& metrics, std::string name, std::string help)
    : metrics_(metrics), name_(std::move(name)), help_(std::move(help))
{
}

void CallMetrics::observe(const std::string& subject, std::string_view error,
                          std::chrono::steady_clock::duration took)
{
    find(subject, error).observe(std::chrono::duration<double>(took).count());
}

telemetry::Histogram CallMetrics::find(const std::string& subject, std::string_view error)
{
    std::string key = subject;
    if (!error.empty()) {
        key += ' ';
        key += error;
    }
    {
        std::shared_lock lock(mutex_);
        if (const auto found = series_.find(key); found != series_.end()) return found->second;
    }
    std::lock_guard lock(mutex_);
    const bool is_full = series_.size() >= kSeriesMax;
    telemetry::Labels labels{{"rpc_system_name", "nats"}, {"rpc_method", is_full ? "_other" : subject}};
    labels.emplace_back("error_type", std::string(error));
    auto histogram = metrics_.histogram(name_, help_, telemetry::kRequestSeconds, labels);
    if (!is_full) series_.emplace(std::move(key), histogram);
    return histogram;
}

}  // namespace lintel::messaging
