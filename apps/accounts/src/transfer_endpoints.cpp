#include "transfer_endpoints.hpp"

#include "lintel/contracts/accounts_endpoints.hpp"

namespace lintel::accounts {

using messaging::Request;

void add_transfer_endpoints(messaging::Service& endpoints, TransferService& transfers)
{
    endpoints.serve<contracts::TransfersCreate>(
        [&](const Request& request, contracts::TransferCreate create) {
            return transfers.create(request.context, std::move(create), request.idempotency_key);
        });
    endpoints.serve<contracts::TransfersGet>([&](const Request& request, contracts::TransferGet get) {
        return transfers.get(request.context, get.id);
    });
    endpoints.serve<contracts::TransfersList>([&](const Request& request, contracts::TransferList list) {
        return transfers.list(request.context, std::move(list));
    });
    endpoints.serve<contracts::TransfersPost>([&](const Request& request, contracts::TransferPost post) {
        return transfers.post(request.context, std::move(post), request.idempotency_key);
    });
    endpoints.serve<contracts::TransfersVoid>([&](const Request& request, contracts::TransferVoid cancel) {
        return transfers.cancel(request.context, std::move(cancel), request.idempotency_key);
    });
}

}  // namespace lintel::accounts
