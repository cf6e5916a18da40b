#pragma once

#include <stdexcept>
#include <string>

namespace lintel::workflow::simulation {

/// A rule of the engine that did not hold.
struct Violation : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void check(bool holds, const std::string& rule)
{
    if (!holds) throw Violation{rule};
}

}  // namespace lintel::workflow::simulation
