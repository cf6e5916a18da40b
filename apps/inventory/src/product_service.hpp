#pragma once

#include <chrono>
#include <string>

#include "lintel/core/page_token.hpp"
#include "product_repository.hpp"

namespace lintel::inventory {

/// What callers do with products. Errors: `not_found`; `invalid` with every fault; `conflict`;
/// `precondition`; `malformed` for a foreign page token; those of the repository. `key` is the caller's
/// Idempotency-Key, empty when there is none.
class ProductService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        core::PageLimits pages{};
    };

    ProductService(ProductRepository& products, Options options);

    core::Task<contracts::ProductCreated> create(telemetry::Context context, contracts::ProductCreate request,
                                                 std::string key);
    core::Task<contracts::Product> get(telemetry::Context context, std::string sku);
    core::Task<contracts::ProductPage> list(telemetry::Context context, contracts::ProductList request);
    core::Task<contracts::Product> update(telemetry::Context context, contracts::ProductUpdate request,
                                          std::string key);
    core::Task<contracts::Product> remove(telemetry::Context context, contracts::ProductDelete request,
                                          std::string key);

private:
    ProductRepository& products_;
    const Options options_;
};

}  // namespace lintel::inventory
