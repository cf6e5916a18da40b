#include "pick_endpoints.hpp"

#include "lintel/contracts/inventory_endpoints.hpp"

namespace lintel::inventory {

using messaging::Request;

void add_pick_endpoints(messaging::Service& endpoints, PickService& picks)
{
    endpoints.serve<contracts::PicksCreate>([&](const Request& request, contracts::PickCreate create) {
        return picks.create(request.context, std::move(create), request.idempotency_key);
    });
    endpoints.serve<contracts::PicksGet>(
        [&](const Request& request, contracts::PickGet get) { return picks.get(request.context, get.id); });
    endpoints.serve<contracts::PicksList>([&](const Request& request, contracts::PickList list) {
        return picks.list(request.context, std::move(list));
    });
    endpoints.serve<contracts::PicksMark>([&](const Request& request, contracts::PickMark mark) {
        return picks.mark(request.context, std::move(mark), request.idempotency_key);
    });
    endpoints.serve<contracts::PicksComplete>([&](const Request& request, contracts::PickGet complete) {
        return picks.complete(request.context, complete, request.idempotency_key);
    });
    endpoints.serve<contracts::PicksCancel>([&](const Request& request, contracts::PickGet cancel) {
        return picks.cancel(request.context, cancel, request.idempotency_key);
    });
}

}  // namespace lintel::inventory
