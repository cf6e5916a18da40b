#include "lintel/service/common_settings.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lintel/core/error.hpp"

using lintel::service::CommonSettings;
using lintel::service::Settings;

namespace {

/// What a process that serves REST says to the flags.
std::string answer_to(std::vector<const char*> flags)
{
    Settings settings;
    CommonSettings common;
    common.database.url = "postgresql://test";
    common.declare(settings, true);
    flags.insert(flags.begin(), "test");
    try {
        settings.read(static_cast<int>(flags.size()), flags.data(), {});
        common.complete("test");
    } catch (const lintel::core::Error& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a limit that leaves no time for what it limits is refused")
{
    for (const std::string flag :
         {"--request-deadline", "--request-deadline-max", "--drain-timeout", "--http-header-timeout",
          "--http-body-timeout", "--http-idle-timeout", "--http-write-timeout", "--nats-ping-interval",
          "--nats-ping-timeout", "--nats-connect-timeout", "--nats-write-timeout",
          "--database-statement-timeout", "--database-lock-timeout"}) {
        CAPTURE(flag);
        CHECK(answer_to({flag.c_str(), "0s"}).starts_with(flag + " is '0s'; it must be at least 10"));
        CHECK(answer_to({flag.c_str(), "10s"}) == "accepted");
    }
    for (const char* flag : {"--drain-delay", "--http-linger-timeout", "--log-slow"})
        CHECK(answer_to({flag, "0s"}) == "accepted");
}

TEST_CASE("what waits to be sent may be as much as one message at least")
{
    CHECK(answer_to({"--nats-max-outgoing", "1048575"}) ==
          "NATS_MAX_OUTGOING is less than NATS_MAX_PAYLOAD; it must hold a message");
    CHECK(answer_to({"--nats-max-outgoing", "1048576"}) == "accepted");
    CHECK(answer_to({"--nats-max-outgoing", "65536", "--nats-max-payload", "65536"}) == "accepted");
}

TEST_CASE("some connections must be left for REST")
{
    CHECK(answer_to({"--http-max-connections", "64"}) ==
          "HTTP_MAX_CONNECTIONS is 64; it must be more than HTTP_RESERVED_CONNECTIONS, which is 64");
    CHECK(answer_to({"--http-max-connections", "65"}) == "accepted");
    CHECK(answer_to({"--http-max-connections", "8", "--http-reserved-connections", "4"}) == "accepted");
}
