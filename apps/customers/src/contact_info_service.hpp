#pragma once

#include <string>

#include "customer_service.hpp"

namespace lintel::customers {

/// What callers do with the contact infos of a customer. Errors as CustomerService's, and `conflict` when a
/// customer has too many. `key` is the caller's Idempotency-Key, empty when there is none.
class ContactInfoService {
public:
    ContactInfoService(CustomerRepository& customers, ServiceOptions options);

    core::Task<contracts::ContactInfoCreated> create(telemetry::Context context,
                                                     contracts::ContactInfoCreate request, std::string key);
    core::Task<contracts::ContactInfo> get(telemetry::Context context, contracts::ContactInfoGet request);
    core::Task<contracts::ContactInfoPage> list(telemetry::Context context,
                                                contracts::ContactInfoList request);
    core::Task<contracts::ContactInfo> update(telemetry::Context context,
                                              contracts::ContactInfoUpdate request, std::string key);
    core::Task<contracts::ContactInfo> remove(telemetry::Context context,
                                              contracts::ContactInfoDelete request, std::string key);

private:
    CustomerRepository& customers_;
    const ServiceOptions options_;
};

}  // namespace lintel::customers
