#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lintel/contracts/inventory.hpp"
#include "lintel/storage/idempotency.hpp"
#include "lintel/storage/pool.hpp"

namespace lintel::inventory {

/// Products in Postgres. Errors as storage::Pool's, and those that are named.
class ProductRepository {
public:
    explicit ProductRepository(storage::Pool& pool);

    /// Error{conflict} when the sku is taken, or when the key's product has been deleted; Error{invalid} for
    /// a key that was used with another request.
    core::Task<contracts::ProductCreated> create(telemetry::Context context, contracts::ProductCreate request,
                                                 std::optional<storage::IdempotencyKey> key);
    core::Task<std::optional<contracts::Product>> get(telemetry::Context context, std::string sku);
    /// At most `limit` products older than `before`, the newest first.
    core::Task<std::vector<contracts::Product>> list(telemetry::Context context,
                                                     contracts::ProductList filter, core::Id before,
                                                     std::int64_t limit);
    /// What a product is to become; runs on a database thread.
    using Change = std::function<contracts::ProductCreate(const contracts::Product&)>;
    /// Error{not_found}; Error{invalid} for a key that was used with another request; what `change` throws.
    /// A repetition finds the product as it is by now.
    core::Task<contracts::Product> update(telemetry::Context context, std::string sku, Change change,
                                          std::optional<storage::IdempotencyKey> key);
    /// Throws when it must not be.
    using Check = std::function<void(const contracts::Product&)>;
    /// As update().
    core::Task<contracts::Product> remove(telemetry::Context context, std::string sku, Check check,
                                          std::optional<storage::IdempotencyKey> key);

private:
    storage::Pool& pool_;
};

/// Error{not_found}.
core::Error no_such_product(const std::string& sku);

/// What a caller said of a product, as it stands now.
contracts::ProductCreate description_of(const contracts::Product& product);

}  // namespace lintel::inventory
