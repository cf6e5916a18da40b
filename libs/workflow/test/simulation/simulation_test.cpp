#include "simulation/simulation.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string>

using namespace lintel::workflow::simulation;

namespace {

/// How many stories are told; LINTEL_SIMULATION_SEEDS overrides it, for a night's run.
constexpr std::uint64_t kSeeds = 2000;
/// Within how many stories something that is broken has to be found.
constexpr std::uint64_t kSeedsPerDefect = 1000;
constexpr std::size_t kLinesOfTrace = 80;
/// All that a history can tell.
constexpr std::array kHistory{
    "run.started",     "run.completed",  "run.failed",    "run.cancelling", "run.cancelled",
    "run.terminated",  "run.paused",     "run.resumed",   "run.retried",    "run.rerun",
    "signal.received", "step.completed", "step.failed",   "step.retrying",  "step.leaseLost",
    "step.handedBack", "step.dead",      "step.replayed", "step.undone",
};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise)
{
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::stoull(text);
}

void print(std::uint64_t seed, const Verdict& verdict)
{
    const auto& trace = verdict.trace;
    for (auto i = trace.size() > kLinesOfTrace ? trace.size() - kLinesOfTrace : 0; i < trace.size(); ++i)
        std::cerr << i << ": " << trace[i] << '\n';
    std::cerr << verdict.violation << "\nagain: LINTEL_SIMULATION_SEED=" << seed
              << " workflow_simulation_test\n";
}

}  // namespace

TEST_CASE("whatever happens, in whatever order, the rules hold")
{
    const auto first = number_from("LINTEL_SIMULATION_SEED", 1);
    const bool is_replay = std::getenv("LINTEL_SIMULATION_SEED") != nullptr;
    const auto count = is_replay ? 1 : number_from("LINTEL_SIMULATION_SEEDS", kSeeds);
    std::map<std::string, int> seen;
    for (auto seed = first; seed < first + count; ++seed) {
        const auto verdict = simulate(seed);
        if (!verdict.violation.empty()) print(seed, verdict);
        REQUIRE(verdict.violation == "");
        for (const auto& [type, times] : verdict.history)
            seen[type] += times;
    }
    // Stories in which something never happens would show nothing about it.
    for (const auto* type : kHistory)
        CHECK_MESSAGE((is_replay || seen[type] > 0), type);
    MESSAGE(count << " stories, " << seen["run.completed"] << " runs completed, " << seen["run.failed"]
                  << " failed, " << seen["step.leaseLost"] << " leases lost, " << seen["step.undone"]
                  << " steps undone");
}

TEST_CASE("the same seed tells the same story")
{
    CHECK(simulate(7).trace == simulate(7).trace);
    CHECK(simulate(7).trace != simulate(8).trace);
}

TEST_CASE("a store that is broken is found out")
{
    struct Case {
        Defect defect;
        std::string name;
    };
    for (const auto& [defect, name] : {
             Case{Defect::no_lease_check, "no_lease_check"},
             Case{Defect::no_attempt_check, "no_attempt_check"},
             Case{Defect::early_timers, "early_timers"},
             Case{Defect::lost_letters, "lost_letters"},
             Case{Defect::doubled_signals, "doubled_signals"},
             Case{Defect::forgotten_claims, "forgotten_claims"},
             Case{Defect::unstable_keys, "unstable_keys"},
         }) {
        CAPTURE(name);
        std::uint64_t seed = 1;
        std::string violation;
        for (; violation.empty() && seed <= kSeedsPerDefect; ++seed)
            violation = simulate(seed, defect).violation;
        CHECK(violation != "");
        MESSAGE(name << " is found with seed " << seed - 1 << ": " << violation);
    }
}
