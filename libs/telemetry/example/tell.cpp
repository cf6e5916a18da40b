// A trace from a header, an event in the log, and a metric.

#include <iostream>

#include "lintel/telemetry/context.hpp"
#include "lintel/telemetry/log.hpp"
#include "lintel/telemetry/metrics.hpp"

using namespace lintel::telemetry;

int main()
{
    init_log({.level = LogLevel::info, .format = LogFormat::text, .service = "example", .replica = "1"});
    Metrics metrics;
    auto doors = metrics.counter("example_doors_opened_total", "Doors opened.", {{"side", "north"}});

    const auto trace = Trace::from_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    doors.add();
    log(LogLevel::info, trace, "door opened", {{"door", "main entrance"}, {"floor", 1}});

    std::cout << "the next hop gets " << trace.child().traceparent() << "\n" << metrics.render();
}
