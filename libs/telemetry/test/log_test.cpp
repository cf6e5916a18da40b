#include "lintel/telemetry/log.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "lintel/testing/temp_dir.hpp"

using namespace lintel::telemetry;

namespace {

/// What `write` sends to stderr.
std::string captured(const std::function<void()>& write)
{
    const lintel::testing::TempDir directory;
    const auto file = directory.path() / "stderr";
    std::fflush(stderr);
    const int saved = dup(STDERR_FILENO);
    REQUIRE(std::freopen(file.c_str(), "w", stderr) != nullptr);
    write();
    std::fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    std::ifstream lines(file);
    return {std::istreambuf_iterator<char>(lines), {}};
}

}  // namespace

TEST_CASE("an event is one JSON object on one line, whatever it holds")
{
    init_log({.level = LogLevel::info, .format = LogFormat::json, .service = "main", .replica = "main-1"});
    const auto trace = Trace::start();
    const auto line = captured([&] {
        log(LogLevel::info, trace, "building created",
            {{"name", "quote \" newline \n"},
             {"count", 3},
             {"ratio", 0.5},
             {"big", std::uint64_t{1} << 63},
             {"ok", true}});
        log(LogLevel::debug, "below the level");
    });
    REQUIRE(!line.empty());
    CHECK(line.find('\n') == line.size() - 1);
    const auto event = nlohmann::json::parse(line);
    CHECK(event["service"] == "main");
    CHECK(event["replica"] == "main-1");
    CHECK(event["level"] == "info");
    CHECK(event["event"] == "building created");
    CHECK(event["traceId"] == trace.trace_id());
    CHECK(event["name"] == "quote \" newline \n");
    CHECK(event["count"] == 3);
    CHECK(event["big"] == std::uint64_t{1} << 63);
    CHECK(event["ok"] == true);
}

TEST_CASE("text is for people")
{
    init_log({.level = LogLevel::warn, .format = LogFormat::text, .service = "main", .replica = "main-1"});
    const auto line = captured([] {
        log(LogLevel::info, "below the level");
        log(LogLevel::warn, "broker is away",
            {{"url", "nats://127.0.0.1:4222"}, {"why", "connection refused"}});
    });
    CHECK(line.ends_with(" warn broker is away url=nats://127.0.0.1:4222 why=\"connection refused\"\n"));
}
