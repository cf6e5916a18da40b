#pragma once

#include "simulation/memory_store.hpp"
#include "simulation/random.hpp"

namespace lintel::workflow::simulation {

/// Some definitions that are always there (`order`, `approval`, `fan-out`, `parent`, `leaf`) and some that
/// chance makes.
MemoryStore::Catalog make_catalog(Random& random);

/// An input that fits all of them.
std::string make_input(Random& random);

}  // namespace lintel::workflow::simulation
