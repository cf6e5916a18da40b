#include "product_routes.hpp"

#include <nlohmann/json.hpp>

#include "lintel/contracts/inventory_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/http/target.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"
#include "workflow_response.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kProducts = "/v1/products";
/// Where the body of a PATCH stands in the request to the workers; clients do not see it there.
constexpr std::string_view kPatchAt = "/patch";

Response rendered(int status, const contracts::Product& product)
{
    return Response::json(status, contracts::to_json(product)).with_etag(product.version);
}

contracts::ProductGet named(const Request& request)
{
    return of_path("product", [&] {
        return contracts::parse_product_get({{"sku", request.path_parameter("sku")}});
    });
}

Task<Response> create(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = contracts::parse_product_create(json_body(request));
    const auto created = co_await workers.change<contracts::ProductsCreate>(request, asked);
    auto response = rendered(201, created)
                        .with_location(std::string(kProducts) + "/" + http::percent_encode(created.sku));
    mark_replay(response, created.is_replay);
    co_return response;
}

Task<Response> list(const Workers& workers, Request request)
{
    auto asked = contracts::parse_product_list_query(request.query.parameters());
    const auto page = co_await workers.read_page<contracts::ProductsList>(request.context, std::move(asked));
    co_return Response::json(200, contracts::to_json(page));
}

Task<Response> get(const Workers& workers, Request request)
{
    request.query.require_known({});
    const auto asked = named(request);
    const auto product = co_await workers.read<contracts::ProductsGet>(request.context, asked);
    co_return has_current(request, product.version) ? not_modified(product.version) : rendered(200, product);
}

contracts::ProductUpdate update_of(const Request& request)
{
    request.require_content_type({"application/merge-patch+json", "application/json"});
    nlohmann::json wrapped = nlohmann::json::object();
    wrapped["sku"] = named(request).sku;
    wrapped["patch"] = core::parse_json(request.body, request.json_limits);
    auto update = contracts::parse_product_update(wrapped);
    update.expected_versions = expected_versions(request);
    return update;
}

Task<Response> patch(const Workers& workers, Request request)
{
    request.query.require_known({});
    try {
        const auto asked = update_of(request);
        const auto product = co_await workers.ask<contracts::ProductsUpdate>(request.context, asked);
        co_return rendered(200, product);
    } catch (const core::Error& error) {
        throw seen_from(kPatchAt, error);
    }
}

Task<Response> remove(const Workers& workers, Request request)
{
    request.query.require_known({});
    contracts::ProductDelete asked;
    asked.sku = named(request).sku;
    asked.expected_versions = expected_versions(request);
    co_await workers.ask<contracts::ProductsDelete>(request.context, asked);
    co_return Response::no_content();
}

}  // namespace

void add_product_routes(http::Router& routes, Workers workers)
{
    const auto serve = [&](Method method, const std::string& path, auto handler) {
        routes.add(method, path,
                   [workers, handler](Request request) { return handler(workers, std::move(request)); });
    };
    const std::string products(kProducts);
    serve(Method::post, products, create);
    serve(Method::get, products, list);
    serve(Method::get, products + "/{sku}", get);
    serve(Method::patch, products + "/{sku}", patch);
    serve(Method::del, products + "/{sku}", remove);
}

}  // namespace lintel::main
