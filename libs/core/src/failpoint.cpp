#include "lintel/core/failpoint.hpp"

#ifdef LINTEL_FAILPOINTS

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
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
    unsigned long per_mille = 0;
    /// The pass at which it happens, or the seed of what is dropped.
    unsigned long at = 0;
    std::atomic<unsigned long> passes{0};
};

using Failpoints = std::map<std::string, Failpoint, std::less<>>;

unsigned long number(std::string_view text)
{
    return std::strtoul(std::string(text).c_str(), nullptr, 10);
}

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
        if (const auto at = entry.find('@'); at != entry.npos) point.at = number(entry.substr(at + 1));
        point.crashes = entry.starts_with("crash");
        if (entry.starts_with("sleep:")) point.sleep = std::chrono::milliseconds(number(entry.substr(6)));
        if (entry.starts_with("drop:")) point.per_mille = number(entry.substr(5));
    }
    return points;
}

Failpoint* armed(std::string_view name)
{
    static Failpoints points = read_environment();
    const auto found = points.find(name);
    return found == points.end() ? nullptr : &found->second;
}

/// A number that looks random and depends on nothing but its argument (the finaliser of SplitMix64).
std::uint64_t scrambled(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

}  // namespace

void failpoint(std::string_view name)
{
    auto* const point = armed(name);
    if (!point) return;
    const auto pass = ++point->passes;
    if (point->at != 0 && pass != point->at) return;
    if (point->crashes) kill(getpid(), SIGKILL);
    std::this_thread::sleep_for(point->sleep);
}

bool failpoint_drops(std::string_view name)
{
    auto* const point = armed(name);
    if (!point || point->per_mille == 0) return false;
    return scrambled(scrambled(point->at) + ++point->passes) % 1000 < point->per_mille;
}

}  // namespace lintel::core

#endif
