#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lintel::telemetry {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// A number that only rises. Cheap to copy; refers to its Metrics, which must outlive it. Thread-safe.
class Counter {
public:
    void add(double amount = 1) noexcept;

private:
    friend class Metrics;
    explicit Counter(void* series) noexcept : series_(series) {}
    void* series_;
};

/// A number that rises and falls. Cheap to copy; thread-safe.
class Gauge {
public:
    void set(double value) noexcept;
    void add(double amount) noexcept;

private:
    friend class Metrics;
    explicit Gauge(void* series) noexcept : series_(series) {}
    void* series_;
};

/// A distribution over fixed buckets. Cheap to copy; thread-safe.
class Histogram {
public:
    void observe(double value) noexcept;

private:
    friend class Metrics;
    explicit Histogram(void* series) noexcept : series_(series) {}
    void* series_;
};

/// Bucket bounds in seconds that OpenTelemetry fixes for HTTP and RPC durations.
extern const std::vector<double> kRequestSeconds;
/// The same for database operations.
extern const std::vector<double> kDatabaseSeconds;
/// For counts such as batch sizes: powers of two to 1024.
extern const std::vector<double> kSizes;

/// The metrics of a process, under OpenTelemetry's names as Prometheus spells them (dots to underscores, unit
/// suffix,
/// `_total` on counters). Asking for the same name and labels again returns the same series: look a series up
/// once and keep it, the lookup takes a lock. Labels must have few values; never put an id into one.
class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
    Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
    Histogram histogram(const std::string& name, const std::string& help, const std::vector<double>& buckets,
                        const Labels& labels = {});

    /// Calls `refresh` before each rendering, so that a gauge may be read where its value lives.
    void before_render(std::function<void()> refresh);

    /// Prometheus text format 0.0.4.
    std::string render() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lintel::telemetry
