#pragma once

#include "turn.hpp"

namespace lintel::workflow {

/// Begins every step whose predecessors are settled and completes what is complete by that, the run included;
/// winds an ending run down; says how far the run is.
void move_on(Turn& turn);

}  // namespace lintel::workflow
