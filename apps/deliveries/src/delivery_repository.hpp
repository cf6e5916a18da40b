#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "delivery_rules.hpp"
#include "lintel/storage/idempotency.hpp"
#include "lintel/storage/point_reads.hpp"

namespace lintel::deliveries {

/// Deliveries in Postgres, with what their workflows are to be told. Errors as storage::Pool's, and those
/// that are named.
class DeliveryRepository {
public:
    using Key = std::optional<storage::IdempotencyKey>;

    explicit DeliveryRepository(storage::Pool& pool);

    struct Changed {
        contracts::Delivery delivery;
        bool is_replay = false;
        /// A workflow is to be told of it.
        bool is_promised = false;
    };
    /// Error{invalid} for a key that was used with another request; Error{conflict} when the order has a
    /// delivery that is not cancelled.
    core::Task<Changed> create(telemetry::Context context, contracts::Delivery delivery, Key key);
    core::Task<std::optional<contracts::Delivery>> get(telemetry::Context context, core::Id id);
    /// At most `limit` deliveries older than `before`, the newest first.
    core::Task<std::vector<contracts::Delivery>> list(telemetry::Context context,
                                                      contracts::DeliveryList filter, core::Id before,
                                                      std::int64_t limit);

    /// What becomes of a delivery, and what its workflow is told of it in the same transaction. Runs on a
    /// database thread, under the delivery's lock, maybe more than once.
    using Change = std::function<Signal(contracts::Delivery&)>;
    /// Error{not_found}; Error{invalid} for a key that was used with another request; what `change` throws.
    core::Task<Changed> change(telemetry::Context context, core::Id id, Change change, Key key);

private:
    core::Task<storage::Rows> page(telemetry::Context context, const contracts::DeliveryList& filter,
                                   core::Id before, std::int64_t limit);

    storage::Pool& pool_;
    storage::PointReads<contracts::Delivery> reads_;
};

/// Error{not_found}.
core::Error no_such_delivery(const core::Id& id);

}  // namespace lintel::deliveries
