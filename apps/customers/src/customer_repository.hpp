#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "lintel/contracts/customers.hpp"
#include "lintel/storage/idempotency.hpp"
#include "lintel/storage/point_reads.hpp"

namespace lintel::customers {

/// Customers with their contact infos in Postgres. Errors as storage::Pool's, and those that are named.
class CustomerRepository {
public:
    explicit CustomerRepository(storage::Pool& pool);

    struct Created {
        contracts::Customer customer;
        bool is_replay = false;
    };
    /// Error{invalid} for a key that was used with another request; Error{conflict} when the key's customer
    /// has been deleted.
    core::Task<Created> create(telemetry::Context context, contracts::Customer customer,
                               std::optional<storage::IdempotencyKey> key);
    core::Task<std::optional<contracts::Customer>> get(telemetry::Context context, core::Id id);
    /// At most `limit` customers older than `before`, the newest first.
    core::Task<std::vector<contracts::Customer>> list(telemetry::Context context,
                                                      contracts::CustomerList filter, core::Id before,
                                                      std::int64_t limit);

    /// Makes of a customer what it is to become, a contact info that is left out being deleted at its
    /// `updated_at`. Runs on a database thread, under the customer's lock, maybe more than once.
    using Change = std::function<void(contracts::Customer&)>;
    /// `resource` is what the key is used for.
    struct Use {
        std::optional<storage::IdempotencyKey> key;
        core::Id resource;
    };
    struct Changed {
        contracts::Customer customer;
        /// Nothing was done now: what the request was carried out on before.
        std::optional<core::Id> replayed;
    };
    /// Error{not_found}; Error{invalid} for a key that was used with another request; what `change` throws.
    core::Task<Changed> change(telemetry::Context context, core::Id id, Change change, Use use);
    /// The same where `change` deletes the customer, who is found by the same key afterwards.
    core::Task<contracts::Customer> remove(telemetry::Context context, core::Id id, Change change,
                                           std::optional<storage::IdempotencyKey> key);
    core::Task<std::optional<contracts::ContactInfo>> get_deleted_contact_info(telemetry::Context context,
                                                                               core::Id id);

private:
    storage::Pool& pool_;
    storage::PointReads<contracts::Customer> reads_;
};

/// Error{not_found}.
core::Error no_such_customer(const core::Id& id);

}  // namespace lintel::customers
