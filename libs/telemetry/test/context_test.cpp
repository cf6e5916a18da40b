#include "lintel/telemetry/context.hpp"

#include <doctest/doctest.h>

#include <string>

using lintel::telemetry::Trace;

namespace {

constexpr std::string_view kTraceId = "0af7651916cd43dd8448eb211c80319c";
const std::string kHeader = "00-" + std::string(kTraceId) + "-b7ad6b7169203331-01";

}  // namespace

TEST_CASE("a well-formed traceparent is carried on")
{
    const auto trace = Trace::from_traceparent(kHeader, "vendor=1");
    CHECK(trace.traceparent() == kHeader);
    CHECK(trace.trace_id() == kTraceId);
    CHECK(trace.span_id() == "b7ad6b7169203331");
    CHECK(trace.tracestate() == "vendor=1");
    CHECK(trace.is_sampled());
}

TEST_CASE("a child stays in the trace under a span of its own")
{
    const auto parent = Trace::from_traceparent(kHeader);
    const auto child = parent.child();
    CHECK(child.trace_id() == parent.trace_id());
    CHECK(child.span_id() != parent.span_id());
}

TEST_CASE("the flag not to sample survives")
{
    const std::string header = kHeader.substr(0, 53) + "00";
    CHECK(Trace::from_traceparent(header).traceparent() == header);
}

TEST_CASE("a later version is read as far as it is known")
{
    const auto trace = Trace::from_traceparent("01" + kHeader.substr(2) + "-more");
    CHECK(trace.trace_id() == kTraceId);
}

TEST_CASE("whatever is not a traceparent starts a new trace")
{
    const std::string id(kTraceId);
    const std::string cases[] = {
        "",
        "00",
        kHeader + "0",
        kHeader + "-more",
        "ff" + kHeader.substr(2),
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-" + id + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-" + id.substr(1) + "g-b7ad6b7169203331-01",
        "00+" + kHeader.substr(3),
    };
    for (const auto& header : cases) {
        CAPTURE(header);
        const auto trace = Trace::from_traceparent(header);
        CHECK(trace.trace_id() != kTraceId);
        CHECK(trace.trace_id() != std::string(32, '0'));
        CHECK(trace.traceparent().size() == 55);
    }
}
