#include "lintel/service/settings.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "lintel/core/error.hpp"

using lintel::service::Settings;
using namespace std::chrono_literals;

namespace {

enum class Mode { fast, safe };

struct Example {
    std::uint16_t port = 8080;
    std::string url = "nats://127.0.0.1:4222";
    std::chrono::milliseconds wait = 5s;
    std::chrono::milliseconds pause = 1s;
    int share = 50;
    Mode mode = Mode::safe;
    bool migrate = true;
    std::vector<std::string> tokens;
    Settings settings;

    Example()
    {
        settings.add("EXAMPLE_PORT", port, "Where to listen.");
        settings.add("EXAMPLE_URL", url, "Where the broker is.");
        settings.add("EXAMPLE_WAIT", wait, "How long to wait.");
        settings.add("EXAMPLE_PAUSE", pause, "How long to rest.", 10ms);
        settings.add("EXAMPLE_SHARE", share, "How much of it.", 1, 100);
        settings.add_choice("EXAMPLE_MODE", mode, {{"fast", Mode::fast}, {"safe", Mode::safe}},
                            "How to go about it.");
        settings.add("EXAMPLE_MIGRATE", migrate, "Whether to migrate.");
        settings.add("EXAMPLE_TOKENS", tokens, "Who may come in.");
        settings.mark_secret("EXAMPLE_TOKENS");
    }

    std::vector<std::string> read(std::vector<const char*> arguments)
    {
        arguments.insert(arguments.begin(), "example");
        return settings.read(static_cast<int>(arguments.size()), arguments.data(), {"help", "migrate-only"});
    }

    std::string refusal(std::vector<const char*> arguments)
    {
        try {
            read(std::move(arguments));
        } catch (const lintel::core::Error& error) {
            return error.what();
        }
        return "";
    }
};

/// Sets a variable for the life of the object.
struct Variable {
    const char* name;
    Variable(const char* variable, const char* value) : name(variable) { setenv(name, value, 1); }
    ~Variable() { unsetenv(name); }
};

}  // namespace

TEST_CASE("defaults stay, the environment sets, flags win")
{
    const Variable port("EXAMPLE_PORT", "9000");
    const Variable wait("EXAMPLE_WAIT", "250ms");
    const Variable empty("EXAMPLE_URL", "");
    Example example;
    CHECK(example.read({"--example-port=9001", "--example-mode", "fast", "--migrate-only"}) ==
          std::vector<std::string>{"migrate-only"});
    CHECK(example.port == 9001);
    CHECK(example.wait == 250ms);
    CHECK(example.url == "nats://127.0.0.1:4222");
    CHECK(example.mode == Mode::fast);
    CHECK(example.migrate);
}

TEST_CASE("durations, switches and lists")
{
    Example example;
    example.read({"--example-wait", "2h", "--example-migrate", "off", "--example-tokens", "a,,b"});
    CHECK(example.wait == 2h);
    CHECK(!example.migrate);
    CHECK(example.tokens == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a bad value is refused in one line that says what is taken")
{
    const struct {
        std::vector<const char*> arguments;
        const char* text;
    } cases[] = {
        {{"--example-port", "65536"}, "--example-port is '65536'; it must be a whole number from 0 to 65535"},
        {{"--example-port", "80x"}, "--example-port is '80x'; it must be a whole number from 0 to 65535"},
        {{"--example-port", "-1"}, "--example-port is '-1'; it must be a whole number from 0 to 65535"},
        {{"--example-wait", "5"},
         "--example-wait is '5'; it must be a duration such as 250ms, 5s, 10m, 24h or 30d"},
        {{"--example-wait", "-5s"},
         "--example-wait is '-5s'; it must be a duration such as 250ms, 5s, 10m, 24h or 30d"},
        {{"--example-pause", "9ms"}, "--example-pause is '9ms'; it must be at least 10ms"},
        {{"--example-share", "0"}, "--example-share is '0'; it must be a whole number from 1 to 100"},
        {{"--example-share", "101"}, "--example-share is '101'; it must be a whole number from 1 to 100"},
        {{"--example-mode", "slow"}, "--example-mode is 'slow'; it must be one of fast, safe"},
    };
    for (const auto& example : cases)
        CHECK(Example().refusal(example.arguments) == example.text);
    CHECK(Example().refusal({"--unknown", "1"}).find("--help") != std::string::npos);
    CHECK(Example().refusal({"stray"}).find("stray") != std::string::npos);
}

TEST_CASE("a bad variable is named as it is written in the environment")
{
    const Variable port("EXAMPLE_PORT", "eighty");
    CHECK(Example().refusal({}) == "EXAMPLE_PORT is 'eighty'; it must be a whole number from 0 to 65535");
}

TEST_CASE("help shows name, flag, default and meaning, but no secret that was set")
{
    const Variable tokens("EXAMPLE_TOKENS", "secret");
    Example example;
    example.read({});
    const auto help = example.settings.help();
    CHECK(help.find("EXAMPLE_PORT, --example-port [8080]\n      Where to listen.") != std::string::npos);
    CHECK(help.find("[5s]") != std::string::npos);
    CHECK(help.find("How to go about it. (fast|safe)") != std::string::npos);
    CHECK(help.find("secret") == std::string::npos);
}
