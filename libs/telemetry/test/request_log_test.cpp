#include "lintel/telemetry/request_log.hpp"

#include <doctest/doctest.h>

using namespace lintel::telemetry;
using namespace std::chrono_literals;

namespace {

int logged_of(RequestLogOptions options, int status, std::chrono::milliseconds duration)
{
    RequestLog log(options);
    int logged = 0;
    for (int i = 0; i < 1000; ++i)
        logged += log.wants(status, duration);
    return logged;
}

}  // namespace

TEST_CASE("slow and failed requests are logged in every mode, the rest as asked for")
{
    using Mode = RequestLogOptions::Mode;
    for (const auto mode : {Mode::errors, Mode::sample, Mode::all}) {
        CHECK(logged_of({.mode = mode}, 500, 1ms) == 1000);
        CHECK(logged_of({.mode = mode}, 200, 1s) == 1000);
    }
    CHECK(logged_of({.mode = Mode::all}, 200, 1ms) == 1000);
    CHECK(logged_of({.mode = Mode::sample}, 200, 1ms) == 10);
    CHECK(logged_of({.mode = Mode::errors}, 200, 1ms) == 0);
}

TEST_CASE("a flood of client errors does not fill the log")
{
    const auto logged =
        logged_of({.mode = RequestLogOptions::Mode::sample, .client_errors_per_second = 5}, 404, 1ms);
    CHECK(logged >= 5);
    CHECK(logged <= 20);
}
