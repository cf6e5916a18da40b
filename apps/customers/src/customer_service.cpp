#include "customer_service.hpp"

#include "customer_rules.hpp"

namespace lintel::customers {

using contracts::Customer;

CustomerService::CustomerService(CustomerRepository& customers, ServiceOptions options)
    : customers_(customers), options_(options)
{
}

core::Task<contracts::CustomerCreated> CustomerService::create(telemetry::Context context,
                                                               contracts::CustomerCreate request,
                                                               std::string key)
{
    auto used = storage::make_idempotency_key("customers.create", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    auto customer = new_customer(std::move(request), core::now());
    auto created = co_await customers_.create(std::move(context), std::move(customer), std::move(used));
    contracts::CustomerCreated answer;
    static_cast<Customer&>(answer) = std::move(created.customer);
    answer.is_replay = created.is_replay;
    co_return answer;
}

core::Task<Customer> CustomerService::get(telemetry::Context context, core::Id id)
{
    auto customer = co_await customers_.get(std::move(context), id);
    if (!customer) throw no_such_customer(id);
    co_return std::move(*customer);
}

core::Task<contracts::CustomerPage> CustomerService::list(telemetry::Context context,
                                                          contracts::CustomerList request)
{
    const auto filters = core::page_filters("customers", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::CustomerPage page;
    page.items = co_await customers_.list(std::move(context), std::move(request), before,
                                          static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<Customer> CustomerService::update(telemetry::Context context, contracts::CustomerUpdate request,
                                             std::string key)
{
    CustomerRepository::Use use{storage::make_idempotency_key("customers.update", std::move(key),
                                                              contracts::to_json(request), options_.key_ttl),
                                request.id};
    CustomerRepository::Change change = [request](Customer& customer) {
        core::expect_version(request.expected_versions, customer.version, "customer");
        customer = patched(std::move(customer), request.patch, core::now());
    };
    auto changed =
        co_await customers_.change(std::move(context), request.id, std::move(change), std::move(use));
    co_return std::move(changed.customer);
}

core::Task<Customer> CustomerService::remove(telemetry::Context context, contracts::CustomerDelete request,
                                             std::string key)
{
    auto used = storage::make_idempotency_key("customers.delete", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    CustomerRepository::Change change = [request](Customer& customer) {
        core::expect_version(request.expected_versions, customer.version, "customer");
        customer = deleted(std::move(customer), core::now());
    };
    return customers_.remove(std::move(context), request.id, std::move(change), std::move(used));
}

}  // namespace lintel::customers
