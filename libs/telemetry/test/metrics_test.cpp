#include "lintel/telemetry/metrics.hpp"

#include <doctest/doctest.h>

using namespace lintel::telemetry;

namespace {

bool has_line(const Metrics& metrics, const std::string& line)
{
    return ("\n" + metrics.render()).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("asking twice for a series gives the same one")
{
    Metrics metrics;
    metrics.counter("lintel_things_total", "Things.", {{"kind", "a"}}).add();
    metrics.counter("lintel_things_total", "Things.", {{"kind", "a"}}).add(2);
    metrics.counter("lintel_things_total", "Things.", {{"kind", "b"}}).add();
    CHECK(has_line(metrics, "lintel_things_total{kind=\"a\"} 3"));
    CHECK(has_line(metrics, "lintel_things_total{kind=\"b\"} 1"));
}

TEST_CASE("a histogram counts into its buckets")
{
    Metrics metrics;
    auto seconds = metrics.histogram("wait_seconds", "Waits.", {0.1, 1});
    seconds.observe(0.05);
    seconds.observe(0.5);
    seconds.observe(5);
    CHECK(has_line(metrics, "wait_seconds_bucket{le=\"0.1\"} 1"));
    CHECK(has_line(metrics, "wait_seconds_bucket{le=\"1\"} 2"));
    CHECK(has_line(metrics, "wait_seconds_bucket{le=\"+Inf\"} 3"));
}

TEST_CASE("a gauge may be read where its value lives")
{
    Metrics metrics;
    auto depth = metrics.gauge("queue_depth", "Depth.");
    double value = 0;
    metrics.before_render([&] { depth.set(value); });
    value = 7;
    CHECK(has_line(metrics, "queue_depth 7"));
}
