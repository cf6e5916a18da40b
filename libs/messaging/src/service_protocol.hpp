#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "endpoint.hpp"
#include "lintel/core/time.hpp"
#include "lintel/messaging/service.hpp"

namespace lintel::messaging {

/// The questions of the NATS services protocol (ADR-32) and their answers. What is optional there is always
/// present here, because the clients of the field differ in what they insist on.
enum class ServiceVerb { ping, info, stats };

std::string_view to_string(ServiceVerb verb) noexcept;

/// The subjects a question may come on: for all services, for those of a name, and for one instance.
std::vector<std::string> service_subjects(ServiceVerb verb, const ServiceInfo& info);

/// Throws std::invalid_argument for names or a version that ADR-32 does not allow.
void check_service_info(const ServiceInfo& info);
void check_endpoint_options(const EndpointOptions& options);

std::string service_answer(ServiceVerb verb, const ServiceInfo& info, core::Timestamp started,
                           const std::vector<std::shared_ptr<Endpoint>>& endpoints);

}  // namespace lintel::messaging
