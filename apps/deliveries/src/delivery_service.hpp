#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "delivery_repository.hpp"
#include "lintel/core/page_token.hpp"

namespace lintel::deliveries {

/// What callers do with deliveries. Errors: `not_found`; `conflict` that says what the delivery is;
/// `invalid`; `malformed` for a foreign page token; those of the repository. `key` is the caller's
/// Idempotency-Key, empty when there is none.
class DeliveryService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        core::PageLimits pages{};
        /// Called when a workflow is to be told something, after the commit.
        std::function<void()> promised = [] {};
    };

    DeliveryService(DeliveryRepository& deliveries, Options options);

    core::Task<contracts::DeliveryCreated> create(telemetry::Context context,
                                                  contracts::DeliveryCreate request, std::string key);
    core::Task<contracts::Delivery> get(telemetry::Context context, core::Id id);
    core::Task<contracts::DeliveryPage> list(telemetry::Context context, contracts::DeliveryList request);
    core::Task<contracts::DeliveryChanged> dispatch(telemetry::Context context,
                                                    contracts::DeliveryDispatch request, std::string key);
    core::Task<contracts::DeliveryChanged> deliver(telemetry::Context context,
                                                   contracts::DeliveryDeliver request, std::string key);
    core::Task<contracts::DeliveryChanged> fail(telemetry::Context context, contracts::DeliveryFail request,
                                                std::string key);
    core::Task<contracts::DeliveryChanged> cancel(telemetry::Context context,
                                                  contracts::DeliveryCancel request, std::string key);

private:
    template <typename Request>
    using Rule = Signal (*)(contracts::Delivery&, const Request&, core::Timestamp);

    /// `rule` carries `request` out; `scope` is what the key is unique in.
    template <typename Request>
    core::Task<contracts::DeliveryChanged> change(telemetry::Context context, Request request,
                                                  Rule<Request> rule, std::string_view scope,
                                                  std::string key);

    DeliveryRepository& deliveries_;
    const Options options_;
};

}  // namespace lintel::deliveries
