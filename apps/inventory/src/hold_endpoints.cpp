#include "hold_endpoints.hpp"

#include "lintel/contracts/inventory_endpoints.hpp"

namespace lintel::inventory {

using messaging::Request;

void add_hold_endpoints(messaging::Service& endpoints, HoldService& holds)
{
    endpoints.serve<contracts::InventoryReserve>([&](const Request& request, contracts::HoldReserve reserve) {
        return holds.reserve(request.context, std::move(reserve), request.idempotency_key);
    });
    endpoints.serve<contracts::InventoryConfirm>([&](const Request& request, contracts::HoldConfirm confirm) {
        return holds.confirm(request.context, confirm, request.idempotency_key);
    });
    endpoints.serve<contracts::InventoryRelease>([&](const Request& request, contracts::HoldRelease release) {
        return holds.release(request.context, std::move(release), request.idempotency_key);
    });
    endpoints.serve<contracts::InventoryRestock>([&](const Request& request, contracts::HoldRestock restock) {
        return holds.restock(request.context, std::move(restock), request.idempotency_key);
    });
    endpoints.serve<contracts::InventoryHold>(
        [&](const Request& request, contracts::HoldGet get) { return holds.get(request.context, get.id); });
    endpoints.serve<contracts::InventoryHolds>([&](const Request& request, contracts::HoldList list) {
        return holds.list(request.context, std::move(list));
    });
}

}  // namespace lintel::inventory
