#pragma once

#include <chrono>
#include <string>

#include "customer_repository.hpp"
#include "lintel/core/page_token.hpp"

namespace lintel::customers {

/// What the services of this set have in common.
struct ServiceOptions {
    /// How long a repeated request is recognised.
    std::chrono::milliseconds key_ttl = std::chrono::hours(24);
    core::PageLimits pages{};
};

/// What callers do with customers. Errors: `not_found`; `invalid` with every fault; `precondition`;
/// `conflict` for a key whose customer has been deleted; `malformed` for a foreign page token; those of the
/// repository. `key` is the caller's Idempotency-Key, empty when there is none.
class CustomerService {
public:
    CustomerService(CustomerRepository& customers, ServiceOptions options);

    core::Task<contracts::CustomerCreated> create(telemetry::Context context,
                                                  contracts::CustomerCreate request, std::string key);
    core::Task<contracts::Customer> get(telemetry::Context context, core::Id id);
    core::Task<contracts::CustomerPage> list(telemetry::Context context, contracts::CustomerList request);
    core::Task<contracts::Customer> update(telemetry::Context context, contracts::CustomerUpdate request,
                                           std::string key);
    core::Task<contracts::Customer> remove(telemetry::Context context, contracts::CustomerDelete request,
                                           std::string key);

private:
    CustomerRepository& customers_;
    const ServiceOptions options_;
};

}  // namespace lintel::customers
