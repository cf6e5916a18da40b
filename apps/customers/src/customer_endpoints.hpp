#pragma once

#include "contact_info_service.hpp"
#include "customer_service.hpp"
#include "lintel/messaging/service.hpp"

namespace lintel::customers {

/// What is answered over NATS. The services outlive `endpoints`.
void add_customer_endpoints(messaging::Service& endpoints, CustomerService& customers);
void add_contact_info_endpoints(messaging::Service& endpoints, ContactInfoService& contact_infos);

}  // namespace lintel::customers
