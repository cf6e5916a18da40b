#pragma once

#include <string>
#include <vector>

#include "lintel/messaging/connection.hpp"
#include "nats_handles.hpp"

namespace lintel::messaging {

/// The servers of a comma-separated list.
std::vector<std::string> servers_of(const std::string& urls);

/// The same in random order.
std::vector<std::string> shuffled_servers(const std::string& urls);

/// Whether the connection is encrypted.
bool wants_tls(const ConnectionOptions& options);

/// `url` without its user name, password or token: for logs.
std::string without_secrets(const std::string& url);

/// What nats.c is asked for when it connects to `server`.
OptionsHandle make_nats_options(const ConnectionOptions& options, const std::string& server);

}  // namespace lintel::messaging
