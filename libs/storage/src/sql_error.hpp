#pragma once

#include <exception>
#include <string_view>

#include "lintel/storage/database_error.hpp"

namespace lintel::storage {

/// What an exception of the driver means. The only place that knows SQLSTATEs. `doing`, the query or
/// `commit`, is in the text of defects only, which are not for callers.
DatabaseError describe(const std::exception& thrown, std::string_view doing);

/// The connection is gone; `silent` when it was this side that gave up on a server that did not answer.
DatabaseError connection_lost(bool silent);

/// The connection is gone and nobody knows whether the server had committed before.
DatabaseError in_doubt();

}  // namespace lintel::storage
