#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "lintel/core/id.hpp"

namespace lintel::workflow::simulation {

/// All chance of a simulation: the same seed is the same story on every machine (the standard's distributions
/// would not be).
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    /// From 0 up to, not including, `bound`, which is above 0.
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
    bool percent(std::size_t chance) { return below(100) < chance; }
    double fraction() { return static_cast<double>(engine_() >> 11) / 9007199254740992.0; }

    template <typename Value>
    const Value& of(const std::vector<Value>& values)
    {
        return values[below(values.size())];
    }

    core::Id id() { return core::Id::derive({}, std::to_string(engine_())); }

private:
    std::mt19937_64 engine_;
};

}  // namespace lintel::workflow::simulation
