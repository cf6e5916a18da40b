#include "stock_service.hpp"

#include "lintel/core/error.hpp"

namespace lintel::inventory {

StockService::StockService(StockRepository& stock, Options options) : stock_(stock), options_(options)
{
}

core::Task<contracts::StockAdjusted> StockService::adjust(telemetry::Context context,
                                                          contracts::StockAdjustment request, std::string key)
{
    if (request.quantity == 0)
        throw core::Error(core::ErrorCode::invalid, "nothing is adjusted", {{"/quantity", "must not be 0"}});
    auto used = storage::make_idempotency_key("stock.adjust", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    return stock_.adjust(std::move(context), std::move(request), std::move(used));
}

core::Task<contracts::StockLevelPage> StockService::list(telemetry::Context context,
                                                         contracts::StockLevelList request)
{
    const auto filters = core::page_filters("stock", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::StockLevelPage page;
    page.items = co_await stock_.list(std::move(context), std::move(request), before,
                                      static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<contracts::StockMovementPage> StockService::movements(telemetry::Context context,
                                                                 contracts::StockMovementList request)
{
    const auto filters = core::page_filters("movements", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::StockMovementPage page;
    page.items = co_await stock_.movements(std::move(context), std::move(request), before,
                                           static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

}  // namespace lintel::inventory
