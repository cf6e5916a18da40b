#include "account_endpoints.hpp"

#include "lintel/contracts/accounts_endpoints.hpp"

namespace lintel::accounts {

using messaging::Request;

void add_account_endpoints(messaging::Service& endpoints, AccountService& accounts)
{
    endpoints.serve<contracts::AccountsCreate>([&](const Request& request, contracts::AccountCreate create) {
        return accounts.create(request.context, std::move(create), request.idempotency_key);
    });
    endpoints.serve<contracts::AccountsGet>([&](const Request& request, contracts::AccountGet get) {
        return accounts.get(request.context, get.id);
    });
    endpoints.serve<contracts::AccountsList>([&](const Request& request, contracts::AccountList list) {
        return accounts.list(request.context, std::move(list));
    });
    endpoints.serve<contracts::AccountsUpdate>([&](const Request& request, contracts::AccountUpdate update) {
        return accounts.update(request.context, std::move(update), request.idempotency_key);
    });
    endpoints.serve<contracts::AccountsStatement>([&](const Request& request, contracts::StatementGet get) {
        return accounts.statement(request.context, std::move(get));
    });
}

}  // namespace lintel::accounts
