#include "product_service.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/core/version.hpp"

namespace lintel::inventory {
namespace {

using contracts::Product;
using contracts::ProductCreate;
using core::Error;
using core::ErrorCode;

ProductCreate patched(const Product& present, const std::string& patch)
{
    auto document = core::parse_json(contracts::to_json(description_of(present)));
    document.merge_patch(core::parse_json(patch));
    auto after = contracts::parse_product_create(document);
    if (after.sku != present.sku)
        throw Error(ErrorCode::invalid, "the product is not acceptable", {{"/sku", "cannot be changed"}});
    return after;
}

}  // namespace

ProductService::ProductService(ProductRepository& products, Options options)
    : products_(products), options_(options)
{
}

core::Task<contracts::ProductCreated> ProductService::create(telemetry::Context context,
                                                             ProductCreate request, std::string key)
{
    auto used = storage::make_idempotency_key("products.create", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    return products_.create(std::move(context), std::move(request), std::move(used));
}

core::Task<Product> ProductService::get(telemetry::Context context, std::string sku)
{
    auto product = co_await products_.get(std::move(context), sku);
    if (!product) throw no_such_product(sku);
    co_return std::move(*product);
}

core::Task<contracts::ProductPage> ProductService::list(telemetry::Context context,
                                                        contracts::ProductList request)
{
    const auto filters = core::page_filters("products", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::ProductPage page;
    page.items = co_await products_.list(std::move(context), std::move(request), before,
                                         static_cast<std::int64_t>(size) + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<Product> ProductService::update(telemetry::Context context, contracts::ProductUpdate request,
                                           std::string key)
{
    auto used = storage::make_idempotency_key("products.update", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    ProductRepository::Change change = [request](const Product& present) {
        core::expect_version(request.expected_versions, present.version, "product");
        return patched(present, request.patch);
    };
    return products_.update(std::move(context), request.sku, std::move(change), std::move(used));
}

core::Task<Product> ProductService::remove(telemetry::Context context, contracts::ProductDelete request,
                                           std::string key)
{
    auto used = storage::make_idempotency_key("products.delete", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    ProductRepository::Check check = [request](const Product& present) {
        core::expect_version(request.expected_versions, present.version, "product");
    };
    return products_.remove(std::move(context), request.sku, std::move(check), std::move(used));
}

}  // namespace lintel::inventory
