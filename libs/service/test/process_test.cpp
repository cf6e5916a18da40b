// Runs the example service as a process of its own, through its whole life.

#include <doctest/doctest.h>
#include <signal.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "lintel/core/error.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/testing/child_process.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/nats_operator.hpp"
#include "lintel/testing/nats_server.hpp"
#include "lintel/testing/postgres.hpp"
#include "lintel/testing/tcp_client.hpp"
#include "lintel/testing/temp_dir.hpp"

using namespace lintel;
using namespace std::chrono_literals;

namespace {

testing::Postgres& postgres()
{
    static testing::Postgres cluster;
    return cluster;
}

testing::NatsServer& nats()
{
    static testing::NatsServer server;
    return server;
}

struct Process {
    std::uint16_t ops_port = testing::free_port();
    testing::TempDir directory;
    std::optional<testing::ChildProcess> child;

    testing::ProcessOptions options(std::vector<std::string> flags = {}) const
    {
        flags.insert(flags.begin(), LINTEL_HELLO);
        return {.command = std::move(flags),
                .environment = {{"DATABASE_URL", postgres().url()},
                                {"NATS_URL", nats().url()},
                                {"OPS_PORT", std::to_string(ops_port)},
                                {"DRAIN_DELAY", "50ms"}},
                .log = directory.path() / "log",
                .user = {},
                .working_directory = {}};
    }
    void start(std::vector<std::string> flags = {}) { child.emplace(options(std::move(flags))); }
    int run(std::vector<std::string> flags) const { return testing::run(options(std::move(flags)), 20s); }

    std::string log() const
    {
        std::ifstream file(directory.path() / "log");
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::string ops(const std::string& path) const
    {
        try {
            testing::TcpClient client(ops_port);
            client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return client.read_all();
        } catch (const std::exception&) {
            return {};
        }
    }
    bool answers(const std::string& path, const std::string& status) const
    {
        return testing::eventually(20s, [&] { return ops(path).starts_with("HTTP/1.1 " + status + " "); });
    }
};

struct Caller {
    core::IoThreads threads;
    telemetry::Metrics metrics;
    messaging::Connection connection{threads.executor(), metrics, {.url = nats().url(), .name = "caller"}};
    messaging::Client client{connection};

    Caller()
    {
        REQUIRE(testing::eventually(10s, [this] { return connection.is_connected(); }));
    }

    std::string greet(const std::string& who)
    {
        return core::sync_wait(client.request(telemetry::Context::start(5s), "hello.greet", who)).payload;
    }
    std::string refusal()
    {
        try {
            greet("\"nobody\"");
        } catch (const core::Error& error) {
            return std::string(to_string(error.code()));
        }
        return "answered";
    }
};

}  // namespace

TEST_CASE("a service becomes ready, answers, shows itself, and drains on SIGTERM")
{
    Process process;
    process.start({"--greeting", "Good morning"});
    REQUIRE(process.answers("/health/ready", "200"));
    CHECK(process.run({"--healthcheck"}) == 0);
    Caller caller;
    CHECK(caller.greet("\"Ada\"") == "\"Good morning, Ada!\"");
    CHECK(process.ops("/metrics").find("lintel_build_info{service=\"hello\"") != std::string::npos);
    CHECK(process.child->terminate() == 0);
    CHECK(process.log().find("\"event\":\"stopped\"") != std::string::npos);
    CHECK(process.run({"--healthcheck"}) == 1);
}

TEST_CASE("the limits of documents and messages are what the settings say")
{
    Process process;
    process.start({"--json-max-depth", "2", "--nats-max-payload", "65536"});
    REQUIRE(process.answers("/health/ready", "200"));
    Caller caller;
    const auto answer_to = [&](const std::string& payload) {
        try {
            return caller.greet(payload);
        } catch (const core::Error& error) {
            return std::string(to_string(error.code()));
        }
    };
    CHECK(answer_to("[[1]]") == "invalid");
    CHECK(answer_to("[[[1]]]") == "malformed");
    CHECK(answer_to('"' + std::string(60'000, 'x') + '"').size() == 60'010);
    CHECK(answer_to('"' + std::string(65'530, 'x') + '"') == "internal");
    CHECK(answer_to('"' + std::string(70'000, 'x') + '"') == "too_large");
}

TEST_CASE("readiness turns false before anything stops")
{
    Process process;
    process.start({"--drain-delay", "2s"});
    REQUIRE(process.answers("/health/ready", "200"));
    Caller caller;
    process.child->signal(SIGTERM);
    REQUIRE(process.answers("/health/ready", "503"));
    CHECK(process.ops("/health").find("\"shutting_down\"") != std::string::npos);
    CHECK(process.answers("/health/live", "200"));
    CHECK(caller.greet("\"Ada\"") == "\"Hello, Ada!\"");
    CHECK(process.child->wait_for(20s) == 0);
}

TEST_CASE("a second signal does not wait for the drain")
{
    Process process;
    process.start({"--drain-delay", "1h"});
    REQUIRE(process.answers("/health/ready", "200"));
    process.child->signal(SIGTERM);
    REQUIRE(process.answers("/health/ready", "503"));
    process.child->signal(SIGTERM);
    CHECK(process.child->wait_for(20s) == 128 + SIGTERM);
}

TEST_CASE("while the database is away it lives, is not ready, and takes no requests")
{
    Process process;
    process.start();
    REQUIRE(process.answers("/health/ready", "200"));
    Caller caller;
    postgres().kill();
    CHECK(process.answers("/health/ready", "503"));
    CHECK(process.ops("/health").find("\"database\":{\"message\":\"Postgres does not answer\"") !=
          std::string::npos);
    CHECK(testing::eventually(20s, [&] { return caller.refusal() == "unavailable"; }));
    CHECK(process.answers("/health/live", "200"));
    postgres().start();
    CHECK(process.answers("/health/ready", "200"));
    CHECK(testing::eventually(20s, [&] { return caller.refusal() == "answered"; }));
}

TEST_CASE("it starts while database and broker are away and becomes ready when they are there")
{
    postgres().stop();
    nats().stop();
    Process process;
    process.start();
    CHECK(process.answers("/health/live", "200"));
    CHECK(process.answers("/health/ready", "503"));
    postgres().start();
    nats().start();
    CHECK(process.answers("/health/ready", "200"));
}

TEST_CASE("a stop is heard while the database is away")
{
    postgres().stop();
    Process process;
    process.start();
    CHECK(process.answers("/health/live", "200"));
    CHECK(process.child->terminate() == 0);
    postgres().start();
}

TEST_CASE("a stop while the broker is away loses nothing and is no failure")
{
    Process process;
    process.start();
    REQUIRE(process.answers("/health/ready", "200"));
    nats().stop();
    CHECK(process.answers("/health/ready", "503"));
    CHECK(process.child->terminate() == 0);
    CHECK(process.log().find("stopped with requests under way") == std::string::npos);
    nats().start();
}

TEST_CASE("what no handler sees is logged, under the traceId of its answer")
{
    Process process;
    process.start();
    REQUIRE(process.answers("/health/ready", "200"));
    const auto refusal = [&](const std::string& mark) {
        const auto log = process.log();
        const auto at = log.find("\"event\":\"request refused\",\"reason\":\"" + mark + "\"");
        if (at == std::string::npos) return std::string();
        const auto from = log.rfind('\n', at) + 1;
        return log.substr(from, log.find('\n', at) - from);
    };
    testing::TcpClient silent(process.ops_port);
    silent.send("GET /health HTTP/1.1\r\n");
    testing::TcpClient garbled(process.ops_port);
    garbled.send("no such protocol\r\n\r\n");
    const auto answer = garbled.read_all();
    const auto body = nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
    REQUIRE(testing::eventually(10s, [&] { return !refusal("malformed").empty(); }));
    const auto line = nlohmann::json::parse(refusal("malformed"));
    CHECK(line.at("traceId") == body.at("traceId"));
    CHECK(line.at("detail") == body.at("detail"));
    CHECK(line.at("peer") == "127.0.0.1");
    CHECK(testing::eventually(20s, [&] { return !refusal("timed_out").empty(); }));
}

TEST_CASE("what cannot be worked with stops the start with one clear line")
{
    const Process process;
    CHECK(process.run({"--ops-port", "eighty"}) == 78);
    CHECK(process.log().ends_with(
        "lintel-hello: --ops-port is 'eighty'; it must be a whole number from 0 to 65535\n"));
    const Process unset;
    auto options = unset.options();
    options.environment["DATABASE_URL"] = "";
    CHECK(testing::run(options, 20s) == 78);
    CHECK(unset.log().find("DATABASE_URL is not set") != std::string::npos);
    CHECK(process.run({"--database-connections", "0"}) == 78);
    for (const char* flag :
         {"--json-max-depth", "--list-max-items", "--nats-max-payload", "--nats-max-handled",
          "--database-batch", "--database-batch-queue", "--request-deadline-max"}) {
        CAPTURE(flag);
        CHECK(process.run({flag, "0"}) == 78);
        CHECK(process.log().find("lintel-hello: " + std::string(flag) + " is '0'; it must be ") !=
              std::string::npos);
        CHECK(process.run({"--help"}) == 0);
        CHECK(process.log().find(flag) != std::string::npos);
    }
    CHECK(process.run({"--list-max-items", "201"}) == 78);
    CHECK(process.run({"--nats-max-refusals", "many"}) == 78);
    CHECK(process.run({"--request-deadline", "2s", "--request-deadline-max", "1s"}) == 78);
    CHECK(process.log().find("REQUEST_DEADLINE_MAX is less than REQUEST_DEADLINE") != std::string::npos);
    CHECK(process.run({"--ops-host", "localhost"}) == 78);
    CHECK(process.run({"--nats-creds", "/nonexistent"}) == 78);
    CHECK(
        process.log().find("NATS_CREDS is '/nonexistent', which cannot be read: No such file or directory") !=
        std::string::npos);
    CHECK(process.run({"--version"}) == 0);
    CHECK(process.run({"--help"}) == 0);
    CHECK(process.log().find("OPS_PORT, --ops-port [9801]") != std::string::npos);
}

TEST_CASE("a broker that cannot be worked with stops the start, one that refuses does not")
{
    Process process;
    const auto creds = (process.directory.path() / "service.creds").string();
    const auto write = [&](const std::string& text) { std::ofstream(creds) << text; };
    write("not credentials");
    CHECK(process.run({"--nats-creds", creds}) == 78);
    CHECK(process.log().ends_with("lintel-hello: NATS_CREDS is '" + creds +
                                  "', which has no user JWT and seed in it, as a .creds file has\n"));
    CHECK(process.run({"--nats-ca", creds}) == 78);
    CHECK(process.log().find("NATS_CA is '" + creds + "', which has no certificates") != std::string::npos);
    CHECK(process.run({"--nats-url", "nats://broker:port"}) == 78);
    CHECK(process.log().find("NATS_URL lists 'nats://broker:port'") != std::string::npos);

    const testing::NatsOperator ours;
    const testing::NatsServer guarded({.config = ours.server_config()});
    write(testing::NatsOperator().new_credentials());
    process.start({"--nats-url", guarded.url(), "--nats-creds", creds});
    CHECK(process.answers("/health/live", "200"));
    CHECK(process.answers("/health/ready", "503"));
    CHECK(
        testing::eventually(10s, [&] { return process.log().find("Authentication") != std::string::npos; }));
    write(ours.new_credentials());
    CHECK(process.answers("/health/ready", "200"));
}

TEST_CASE("a port that is taken is named")
{
    Process first;
    first.start();
    REQUIRE(first.answers("/health/ready", "200"));
    CHECK(first.run({}) == 1);
    CHECK(first.log().find(std::to_string(first.ops_port)) != std::string::npos);
}

TEST_CASE("the schema can be brought up to date alone")
{
    const Process process;
    CHECK(process.run({"--migrate-only"}) == 0);
}
