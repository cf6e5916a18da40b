#pragma once

#include <chrono>
#include <optional>

#include "lintel/http/headers.hpp"

namespace lintel::main {

/// `wait=N` of the Prefer headers (RFC 7240, 4.3). Nothing when it is absent or cannot be understood: a
/// preference that is not understood is passed over.
std::optional<std::chrono::seconds> preferred_wait(const http::Headers& headers);

}  // namespace lintel::main
