#pragma once

#include <chrono>
#include <string>

#include "lintel/core/page_token.hpp"
#include "stock_repository.hpp"

namespace lintel::inventory {

/// What callers do with stock. Errors: those of the repository; `malformed` for a foreign page token. `key`
/// is the caller's Idempotency-Key, empty when there is none.
class StockService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        core::PageLimits pages{};
    };

    StockService(StockRepository& stock, Options options);

    core::Task<contracts::StockAdjusted> adjust(telemetry::Context context,
                                                contracts::StockAdjustment request, std::string key);
    core::Task<contracts::StockLevelPage> list(telemetry::Context context, contracts::StockLevelList request);
    core::Task<contracts::StockMovementPage> movements(telemetry::Context context,
                                                       contracts::StockMovementList request);

private:
    StockRepository& stock_;
    const Options options_;
};

}  // namespace lintel::inventory
