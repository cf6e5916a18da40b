#pragma once

#include <cstdint>
#include <string>

namespace lintel::service {

/// Asks http://`host`:`port`/health/ready, for container runtimes without a probe of their own. True when the
/// answer is 200 and came within two seconds.
bool is_ready(const std::string& host, std::uint16_t port);

}  // namespace lintel::service
