#include "customer_endpoints.hpp"

#include "lintel/contracts/customers_endpoints.hpp"

namespace lintel::customers {

using messaging::Request;

void add_customer_endpoints(messaging::Service& endpoints, CustomerService& customers)
{
    endpoints.serve<contracts::CustomersCreate>(
        [&](const Request& request, contracts::CustomerCreate create) {
            return customers.create(request.context, std::move(create), request.idempotency_key);
        });
    endpoints.serve<contracts::CustomersGet>([&](const Request& request, contracts::CustomerGet get) {
        return customers.get(request.context, get.id);
    });
    endpoints.serve<contracts::CustomersList>([&](const Request& request, contracts::CustomerList list) {
        return customers.list(request.context, std::move(list));
    });
    endpoints.serve<contracts::CustomersUpdate>(
        [&](const Request& request, contracts::CustomerUpdate update) {
            return customers.update(request.context, std::move(update), request.idempotency_key);
        });
    endpoints.serve<contracts::CustomersDelete>(
        [&](const Request& request, contracts::CustomerDelete remove) {
            return customers.remove(request.context, std::move(remove), request.idempotency_key);
        });
}

void add_contact_info_endpoints(messaging::Service& endpoints, ContactInfoService& contact_infos)
{
    endpoints.serve<contracts::ContactInfosCreate>(
        [&](const Request& request, contracts::ContactInfoCreate create) {
            return contact_infos.create(request.context, std::move(create), request.idempotency_key);
        });
    endpoints.serve<contracts::ContactInfosGet>([&](const Request& request, contracts::ContactInfoGet get) {
        return contact_infos.get(request.context, get);
    });
    endpoints.serve<contracts::ContactInfosList>(
        [&](const Request& request, contracts::ContactInfoList list) {
            return contact_infos.list(request.context, std::move(list));
        });
    endpoints.serve<contracts::ContactInfosUpdate>(
        [&](const Request& request, contracts::ContactInfoUpdate update) {
            return contact_infos.update(request.context, std::move(update), request.idempotency_key);
        });
    endpoints.serve<contracts::ContactInfosDelete>(
        [&](const Request& request, contracts::ContactInfoDelete remove) {
            return contact_infos.remove(request.context, std::move(remove), request.idempotency_key);
        });
}

}  // namespace lintel::customers
