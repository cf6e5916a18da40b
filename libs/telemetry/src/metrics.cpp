#include "lintel/telemetry/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace lintel::telemetry {

const std::vector<double> kRequestSeconds{.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10};
const std::vector<double> kDatabaseSeconds{.001, .005, .01, .05, .1, .5, 1, 5, 10};
const std::vector<double> kSizes{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

void Counter::add(double amount) noexcept
{
    static_cast<prometheus::Counter*>(series_)->Increment(amount);
}

void Gauge::set(double value) noexcept
{
    static_cast<prometheus::Gauge*>(series_)->Set(value);
}

void Gauge::add(double amount) noexcept
{
    static_cast<prometheus::Gauge*>(series_)->Increment(amount);
}

void Histogram::observe(double value) noexcept
{
    static_cast<prometheus::Histogram*>(series_)->Observe(value);
}

struct Metrics::State {
    prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
    std::mutex mutex;
    std::vector<std::function<void()>> refreshers;

    static std::map<std::string, std::string> labels_of(const Labels& labels)
    {
        return {labels.begin(), labels.end()};
    }
};

Metrics::Metrics() : state_(std::make_unique<State>())
{
}

Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels)
{
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
    return Counter(&family.Add(State::labels_of(labels)));
}

Gauge Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels)
{
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
    return Gauge(&family.Add(State::labels_of(labels)));
}

Histogram Metrics::histogram(const std::string& name, const std::string& help,
                             const std::vector<double>& buckets, const Labels& labels)
{
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
    return Histogram(&family.Add(State::labels_of(labels), buckets));
}

void Metrics::before_render(std::function<void()> refresh)
{
    std::lock_guard lock(state_->mutex);
    state_->refreshers.push_back(std::move(refresh));
}

std::string Metrics::render() const
{
    {
        std::lock_guard lock(state_->mutex);
        for (const auto& refresh : state_->refreshers)
            refresh();
    }
    return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace lintel::telemetry
