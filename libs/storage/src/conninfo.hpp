#pragma once

#include <string>

#include "lintel/storage/pool.hpp"

namespace lintel::storage {

/// `options.url` with everything added that libpq would otherwise wait for without end, and the settings this
/// library relies on (UTF-8, UTC, ISO dates); no JIT, which only delays short statements. What the URL sets
/// itself is kept; its own `options` are extended.
std::string make_conninfo(const PoolOptions& options);

}  // namespace lintel::storage
