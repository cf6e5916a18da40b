#include "product_endpoints.hpp"

#include "lintel/contracts/inventory_endpoints.hpp"

namespace lintel::inventory {

using messaging::Request;

void add_product_endpoints(messaging::Service& endpoints, ProductService& products)
{
    endpoints.serve<contracts::ProductsCreate>([&](const Request& request, contracts::ProductCreate create) {
        return products.create(request.context, std::move(create), request.idempotency_key);
    });
    endpoints.serve<contracts::ProductsGet>([&](const Request& request, contracts::ProductGet get) {
        return products.get(request.context, std::move(get.sku));
    });
    endpoints.serve<contracts::ProductsList>([&](const Request& request, contracts::ProductList list) {
        return products.list(request.context, std::move(list));
    });
    endpoints.serve<contracts::ProductsUpdate>([&](const Request& request, contracts::ProductUpdate update) {
        return products.update(request.context, std::move(update), request.idempotency_key);
    });
    endpoints.serve<contracts::ProductsDelete>([&](const Request& request, contracts::ProductDelete remove) {
        return products.remove(request.context, std::move(remove), request.idempotency_key);
    });
}

}  // namespace lintel::inventory
