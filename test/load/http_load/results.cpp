#include "results.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace lintel::load {

namespace {

double own_cpu_seconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string key_of(int status)
{
    return std::to_string(status);
}
std::string key_of(const std::string& kind)
{
    return kind;
}

template <class Key>
std::string counts_to_json(const std::map<Key, std::uint64_t>& counts)
{
    std::string text = "{";
    for (const auto& [key, count] : counts) {
        text.append(text.size() > 1 ? "," : "").append("\"").append(key_of(key)).append("\":");
        text.append(std::to_string(count));
    }
    return text + "}";
}

}  // namespace

void Results::add(int status, std::chrono::nanoseconds latency)
{
    ++statuses_[status];
    latencies_us_.push_back(static_cast<std::uint32_t>(latency.count() / 1000));
}

/// Nearest rank over the sorted latencies.
double Results::percentile_ms(double share) const
{
    if (latencies_us_.empty()) {
        return 0;
    }
    const double rank = std::ceil(share * static_cast<double>(latencies_us_.size()));
    return latencies_us_[static_cast<std::size_t>(std::max(rank, 1.0)) - 1] / 1000.0;
}

std::string Results::to_json(std::chrono::nanoseconds window, std::chrono::nanoseconds oldest)
{
    std::sort(latencies_us_.begin(), latencies_us_.end());
    const double seconds = std::chrono::duration<double>(window).count();
    char numbers[320];
    std::snprintf(numbers, sizeof numbers,
                  R"({"requests":%zu,"seconds":%.3f,"rate":%.1f,"p50Ms":%.3f,"p90Ms":%.3f,"p99Ms":%.3f,)"
                  R"("p999Ms":%.3f,"maxMs":%.3f,"oldestUnansweredMs":%.3f,"cpuSeconds":%.3f,)",
                  latencies_us_.size(), seconds, static_cast<double>(latencies_us_.size()) / seconds,
                  percentile_ms(0.5), percentile_ms(0.9), percentile_ms(0.99), percentile_ms(0.999),
                  percentile_ms(1.0), std::chrono::duration<double, std::milli>(oldest).count(),
                  own_cpu_seconds());
    return std::string{numbers} + "\"statuses\":" + counts_to_json(statuses_) +
           ",\"errors\":" + counts_to_json(errors_) + "}";
}

}  // namespace lintel::load
