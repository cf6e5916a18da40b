#include "product_routes.hpp"

#include "forwarding.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"
#include "lintel/core/percent.hpp"

namespace lintel::main {
namespace {

using core::Task;
using http::Method;
using http::Request;
using http::Response;

constexpr std::string_view kProducts = "/v1/products";
constexpr std::string_view kProduct = "/v1/products/{sku}";

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
    const auto product = co_await workers.change<contracts::ProductsCreate>(request, asked);
    auto location = std::string(kProducts) + "/" + core::percent_encode(product.sku);
    co_return created_at<contracts::Product>(std::move(location), product);
}

Task<Response> get(const Workers& workers, Request request)
{
    auto asked = named(request);
    return forward_get<contracts::ProductsGet>(workers, std::move(request), std::move(asked));
}

Task<Response> patch(const Workers& workers, Request request)
{
    nlohmann::json asked = {{"sku", named(request).sku}};
    return forward_patch<contracts::ProductsUpdate>(workers, std::move(request), std::move(asked));
}

Task<Response> remove(const Workers& workers, Request request)
{
    contracts::ProductDelete asked;
    asked.sku = named(request).sku;
    return forward_delete<contracts::ProductsDelete>(workers, std::move(request), std::move(asked));
}

}  // namespace

void add_product_routes(http::Router& router, Workers workers)
{
    ForwardingRoutes routes(router, workers);
    routes.serve(Method::post, kProducts, create);
    routes.serve(Method::get, kProducts,
                 forward_list<contracts::ProductsList, contracts::parse_product_list_query>);
    routes.serve(Method::get, kProduct, get);
    routes.serve(Method::patch, kProduct, patch);
    routes.serve(Method::del, kProduct, remove);
}

}  // namespace lintel::main
