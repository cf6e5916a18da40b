#pragma once

#include "lintel/messaging/connection.hpp"

namespace lintel::messaging {

/// Throws Error{invalid} that names what could never work: no server, an address that is none, a file without
/// credentials or certificates. Asks no server.
void check_options(const ConnectionOptions& options);

}  // namespace lintel::messaging
