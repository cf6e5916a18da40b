#include "customer_routes.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/customers_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kCustomers = "/v1/customers";
/// Where the body of a PATCH stands in the request to the workers; clients do not see it there.
constexpr std::string_view kPatchAt = "/patch";

core::Id customer_id(const Request& request)
{
    return path_id(request, "customer");
}

Response rendered(int status, const contracts::Customer& customer)
{
    return Response::json(status, contracts::to_json(customer)).with_etag(customer.version);
}

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_customer_create(json_body(request));
    const auto created = co_await workers.change<contracts::CustomersCreate>(request, asked);
    auto response =
        rendered(201, created).with_location(std::string(kCustomers) + "/" + created.id.to_string());
    mark_replay(response, created.is_replay);
    co_return response;
}

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_customer_list_query(request.query.parameters());
    const auto page = co_await workers.read_page<contracts::CustomersList>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const contracts::CustomerGet asked{customer_id(request)};
    const auto customer = co_await workers.read<contracts::CustomersGet>(request.context, asked);
    co_return has_current(request, customer.version) ? not_modified(customer.version)
                                                     : rendered(200, customer);
}

contracts::CustomerUpdate update_of(const Request& request)
{
    request.require_content_type({"application/merge-patch+json", "application/json"});
    nlohmann::json wrapped = nlohmann::json::object();
    wrapped["id"] = customer_id(request).to_string();
    wrapped["patch"] = core::parse_json(request.body, request.json_limits);
    auto update = contracts::parse_customer_update(wrapped);
    update.expected_versions = expected_versions(request);
    return update;
}

Task<Response> patch(const Workers& workers, Request request)
{
    request.query.require_known({});
    try {
        const auto asked = update_of(request);
        const auto customer = co_await workers.ask<contracts::CustomersUpdate>(request.context, asked);
        co_return rendered(200, customer);
    } catch (const core::Error& error) {
        throw seen_from(kPatchAt, error);
    }
}

Task<Response> remove(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::CustomerDelete asked;
    asked.id = customer_id(request);
    asked.expected_versions = expected_versions(request);
    co_await workers.ask<contracts::CustomersDelete>(request.context, asked);
    co_return Response::no_content();
}

}  // namespace

void add_customer_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    const std::string customers(kCustomers);
    serve(Method::post, customers, create);
    serve(Method::get, customers, list);
    serve(Method::get, customers + "/{id}", get);
    serve(Method::patch, customers + "/{id}", patch);
    serve(Method::del, customers + "/{id}", remove);
}

}  // namespace lintel::main
