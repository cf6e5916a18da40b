#include <doctest/doctest.h>

#include <sys/resource.h>

#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "lintel/testing/child_process.hpp"
#include "lintel/testing/eventually.hpp"
#include "support.hpp"

using namespace lintel::http::test;
using namespace std::chrono_literals;
using lintel::testing::ChildProcess;
using lintel::testing::eventually;

namespace {

/// Processor time of a process so far, in hundredths of a second.
long ticks_of(pid_t pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string field;
    for (int i = 0; i < 13; ++i)
        file >> field;
    long user = 0;
    long system = 0;
    file >> user >> system;
    return user + system;
}

bool answers(std::uint16_t port)
{
    try {
        return Client(port).ask(get("/hello/ada")).status == 200;
    } catch (const std::system_error&) {
        return false;
    }
}

}  // namespace

TEST_CASE("a process without free descriptors neither spins nor stays deaf")
{
    const auto port = lintel::testing::free_port();
    lintel::testing::ProcessOptions options;
    options.command = {HTTP_HELLO, std::to_string(port)};
    ChildProcess server(options);
    REQUIRE(eventually(10s, [&] { return answers(port); }));

    const rlimit few{20, 20};
    REQUIRE(::prlimit(server.pid(), RLIMIT_NOFILE, &few, nullptr) == 0);
    std::vector<Client> clients;
    for (int i = 0; i < 40; ++i)
        clients.emplace_back(port);
    std::this_thread::sleep_for(200ms);
    const long before = ticks_of(server.pid());
    std::this_thread::sleep_for(1s);
    CHECK(ticks_of(server.pid()) - before < 25);

    clients.clear();
    CHECK(eventually(5s, [&] { return answers(port); }));
    CHECK(server.terminate() == 0);
}
