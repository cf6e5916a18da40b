#include "lintel/service/health.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using lintel::service::Health;
using nlohmann::json;

TEST_CASE("a process is ready once it has started and while every part is well")
{
    Health health;
    std::string database = "no connection";
    health.add_check("database", [&] { return database; });
    health.add_check("nats", [] { return ""; });
    CHECK(health.live().is_ok);
    CHECK(!health.ready().is_ok);

    health.set_started();
    const auto sick = health.ready();
    CHECK(!sick.is_ok);
    CHECK(json::parse(sick.json) == json::parse(R"({"status":"error",
                          "info":{"nats":{"status":"up"},"process":{"status":"up"}},
                          "error":{"database":{"status":"down","message":"no connection"}},
                          "details":{"nats":{"status":"up"},"process":{"status":"up"},
                                     "database":{"status":"down","message":"no connection"}}})"));
    database.clear();
    const auto well = health.ready();
    CHECK(well.is_ok);
    CHECK(json::parse(well.json)["status"] == "ok");
    CHECK(json::parse(well.json)["error"] == json::object());
}

TEST_CASE("a draining process lives on but takes nothing new")
{
    Health health;
    health.set_started();
    CHECK(health.ready().is_ok);
    health.set_draining();
    CHECK(health.live().is_ok);
    CHECK(!health.ready().is_ok);
    CHECK(json::parse(health.ready().json)["status"] == "shutting_down");
    health.set_started();
    CHECK(!health.ready().is_ok);
}
