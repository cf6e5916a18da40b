#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "lintel/testing/child_process.hpp"
#include "lintel/testing/database.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/nats_server.hpp"
#include "lintel/testing/tcp_client.hpp"

namespace lintel::main::test {

/// main as a process with settings of its own, on a database and a broker of its own.
struct MainProcess {
    using Settings = std::map<std::string, std::string>;
    struct Answer {
        int status = 0;
        nlohmann::json body;
    };

    explicit MainProcess(const Settings& settings) : process(options(settings))
    {
        REQUIRE(testing::eventually(std::chrono::seconds(30), [this] { return is_ready(); }));
    }

    testing::ProcessOptions options(Settings settings)
    {
        settings.merge(Settings{{"DATABASE_URL", database.url()},
                                {"NATS_URL", nats.url()},
                                {"HTTP_PORT", std::to_string(port)},
                                {"OPS_PORT", "0"},
                                {"METRICS_ON_REST", "on"},
                                {"DRAIN_DELAY", "0s"},
                                {"LOG_LEVEL", "error"}});
        return {.command = {LINTEL_MAIN},
                .environment = std::move(settings),
                .log = {},
                .user = {},
                .working_directory = {}};
    }

    std::string exchange(const std::string& method, const std::string& path, const std::string& body = {},
                         const std::string& headers = {}) const
    {
        testing::TcpClient client(port);
        client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
                    "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                    body);
        return client.read_all(std::chrono::seconds(20));
    }
    bool is_ready() const
    {
        try {
            return exchange("GET", "/health/ready").starts_with("HTTP/1.1 200 ");
        } catch (const std::exception&) {
            return false;
        }
    }
    Answer ask(const std::string& method, const std::string& path, const std::string& body = {}) const
    {
        const auto response = exchange(method, path, body);
        REQUIRE(response.starts_with("HTTP/1.1 "));
        return {std::stoi(response.substr(9, 3)),
                nlohmann::json::parse(response.substr(response.find("\r\n\r\n") + 4))};
    }
    std::string sql(const std::string& query) const { return database.query(query); }

    testing::Database database{"main"};
    testing::NatsServer nats;
    std::uint16_t port = testing::free_port();
    testing::ChildProcess process;
};

}  // namespace lintel::main::test
