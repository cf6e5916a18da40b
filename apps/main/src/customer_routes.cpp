#include "customer_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/customers_endpoints.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kCustomers = "/v1/customers";
constexpr std::string_view kCustomer = "/v1/customers/{id}";

core::Id customer_id(const Request& request)
{
    return path_id(request, "customer");
}

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_customer_create(json_body(request));
    const auto customer = co_await workers.change<contracts::CustomersCreate>(request, asked);
    auto location = std::string(kCustomers) + "/" + customer.id.to_string();
    co_return created_at<contracts::Customer>(std::move(location), customer);
}

Task<Response> get(const Workers& workers, Request request)
{
    const contracts::CustomerGet asked{customer_id(request)};
    return forward_get<contracts::CustomersGet>(workers, std::move(request), asked);
}

Task<Response> patch(const Workers& workers, Request request)
{
    nlohmann::json asked = {{"id", customer_id(request).to_string()}};
    return forward_patch<contracts::CustomersUpdate>(workers, std::move(request), std::move(asked));
}

Task<Response> remove(const Workers& workers, Request request)
{
    contracts::CustomerDelete asked;
    asked.id = customer_id(request);
    return forward_delete<contracts::CustomersDelete>(workers, std::move(request), std::move(asked));
}

}  // namespace

void add_customer_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    routes.serve(Method::post, kCustomers, create);
    routes.serve(Method::get, kCustomers,
                 forward_list<contracts::CustomersList, contracts::parse_customer_list_query>);
    routes.serve(Method::get, kCustomer, get);
    routes.serve(Method::patch, kCustomer, patch);
    routes.serve(Method::del, kCustomer, remove);
}

}  // namespace lintel::main
