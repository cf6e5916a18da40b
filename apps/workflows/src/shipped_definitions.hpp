#pragma once

#include <span>

namespace lintel::workflows {

/// The documents in definitions/, which every installation has.
std::span<const char* const> shipped_definitions();

}  // namespace lintel::workflows
