#include "order_recall.hpp"

#include <algorithm>

#include "lintel/contracts/deliveries_endpoints.hpp"
#include "lintel/core/error.hpp"

namespace lintel::main {

using contracts::DeliveryState;
using core::Error;
using core::ErrorCode;

core::Task<void> recall(Workers workers, telemetry::Context context, core::Id order,
                        std::optional<std::string> reason)
{
    contracts::DeliveryList asked;
    asked.order_id = order;
    const auto page = co_await workers.read<contracts::DeliveriesList>(context, asked);
    if (page.items.empty())
        throw Error(ErrorCode::unavailable,
                    "the order is being handed to the deliveries this moment; send the request again");
    // Of those that are not cancelled there is one at most; when there is none, that was decided before.
    const auto live = std::ranges::find_if(
        page.items, [](const auto& delivery) { return delivery.state != DeliveryState::cancelled; });
    if (live == page.items.end()) co_return;
    if (live->state == DeliveryState::dispatched || live->state == DeliveryState::delivered)
        throw Error(ErrorCode::conflict, "the order is " + std::string(contracts::to_string(live->state)) +
                                             " and cannot be cancelled any more");
    contracts::DeliveryCancel wish;
    wish.id = live->id;
    if (reason && !reason->empty()) wish.reason = std::move(reason);
    wish.unless_dispatched = true;
    co_await workers.change<contracts::DeliveriesCancel>(std::move(context), wish);
}

}  // namespace lintel::main
