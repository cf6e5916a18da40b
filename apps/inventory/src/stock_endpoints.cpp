#include "stock_endpoints.hpp"

#include "lintel/contracts/inventory_endpoints.hpp"

namespace lintel::inventory {

using messaging::Request;

void add_stock_endpoints(messaging::Service& endpoints, StockService& stock)
{
    endpoints.serve<contracts::StockAdjust>([&](const Request& request, contracts::StockAdjustment adjust) {
        return stock.adjust(request.context, std::move(adjust), request.idempotency_key);
    });
    endpoints.serve<contracts::StockList>([&](const Request& request, contracts::StockLevelList list) {
        return stock.list(request.context, std::move(list));
    });
    endpoints.serve<contracts::StockMovements>(
        [&](const Request& request, contracts::StockMovementList list) {
            return stock.movements(request.context, std::move(list));
        });
}

}  // namespace lintel::inventory
