#include "delivery_endpoints.hpp"

#include "lintel/contracts/deliveries_endpoints.hpp"

namespace lintel::deliveries {

using messaging::Request;

void add_delivery_endpoints(messaging::Service& endpoints, DeliveryService& deliveries)
{
    endpoints.serve<contracts::DeliveriesCreate>(
        [&](const Request& request, contracts::DeliveryCreate create) {
            return deliveries.create(request.context, std::move(create), request.idempotency_key);
        });
    endpoints.serve<contracts::DeliveriesGet>([&](const Request& request, contracts::DeliveryGet get) {
        return deliveries.get(request.context, get.id);
    });
    endpoints.serve<contracts::DeliveriesList>([&](const Request& request, contracts::DeliveryList list) {
        return deliveries.list(request.context, std::move(list));
    });
    endpoints.serve<contracts::DeliveriesDispatch>(
        [&](const Request& request, contracts::DeliveryDispatch dispatch) {
            return deliveries.dispatch(request.context, std::move(dispatch), request.idempotency_key);
        });
    endpoints.serve<contracts::DeliveriesDeliver>(
        [&](const Request& request, contracts::DeliveryDeliver deliver) {
            return deliveries.deliver(request.context, std::move(deliver), request.idempotency_key);
        });
    endpoints.serve<contracts::DeliveriesFail>([&](const Request& request, contracts::DeliveryFail fail) {
        return deliveries.fail(request.context, std::move(fail), request.idempotency_key);
    });
    endpoints.serve<contracts::DeliveriesCancel>(
        [&](const Request& request, contracts::DeliveryCancel cancel) {
            return deliveries.cancel(request.context, std::move(cancel), request.idempotency_key);
        });
}

}  // namespace lintel::deliveries
