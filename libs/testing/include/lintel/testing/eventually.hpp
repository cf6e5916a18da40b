#pragma once

#include <chrono>
#include <functional>

namespace lintel::testing {

/// Asks `condition` again and again, with short pauses, until it holds or `patience` is over. What a test
/// uses in place of a sleep: it takes no longer than it must, and a slow machine does not fail it.
bool eventually(std::chrono::milliseconds patience, const std::function<bool()>& condition);

}  // namespace lintel::testing
