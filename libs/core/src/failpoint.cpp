#include "lintel/core/failpoint.hpp"

#ifdef LINTEL_FAILPOINTS

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <thread>

namespace lintel::core {
namespace {

struct Failpoint {
    bool crashes = false;
    std::chrono::milliseconds sleep{0};
    unsigned long at_pass = 0;
    std::atomic<unsigned long> passes{0};
};

using Failpoints = std::map<std::string, Failpoint, std::less<>>;

Failpoints read_environment()
{
    Failpoints points;
    const char* armed = std::getenv("LINTEL_FAILPOINTS");
    std::string_view rest = armed ? armed : "";
    while (!rest.empty()) {
        auto entry = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
        auto& point = points[std::string(entry.substr(0, entry.find('=')))];
        entry.remove_prefix(std::min(entry.size(), entry.find('=') + 1));
        if (const auto at = entry.find('@'); at != entry.npos)
            point.at_pass = std::strtoul(std::string(entry.substr(at + 1)).c_str(), nullptr, 10);
        point.crashes = entry.starts_with("crash");
        if (entry.starts_with("sleep:"))
            point.sleep =
                std::chrono::milliseconds(std::strtol(std::string(entry.substr(6)).c_str(), nullptr, 10));
    }
    return points;
}

}  // namespace

void failpoint(std::string_view name)
{
    static Failpoints points = read_environment();
    const auto found = points.find(name);
    if (found == points.end()) return;
    auto& point = found->second;
    const auto pass = ++point.passes;
    if (point.at_pass != 0 && pass != point.at_pass) return;
    if (point.crashes) kill(getpid(), SIGKILL);
    std::this_thread::sleep_for(point.sleep);
}

}  // namespace lintel::core

#endif
