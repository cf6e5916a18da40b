#pragma once

#include <string>

#include "lintel/telemetry/metrics.hpp"

namespace lintel::service {

/// Memory, processor time, open files and age of this process under the names that Prometheus clients share,
/// and which build it is.
void add_process_metrics(telemetry::Metrics& metrics, const std::string& service, const std::string& version);

}  // namespace lintel::service
