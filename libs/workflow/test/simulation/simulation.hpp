#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/memory_store.hpp"

namespace lintel::workflow::simulation {

/// How one story ended.
struct Verdict {
    /// Empty: every rule held.
    std::string violation;
    /// What happened, in order.
    std::vector<std::string> trace;
    /// How often each kind of entry was written to a history.
    std::map<std::string, int> history;
};

/// Lets workers, operators, time and mischief act upon a store in an order that only `seed` decides, then
/// heals everything and checks that all runs come to an end as they should.
Verdict simulate(std::uint64_t seed, Defect defect = Defect::none);

}  // namespace lintel::workflow::simulation
