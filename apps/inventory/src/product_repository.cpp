#include "product_repository.hpp"

#include "inventory_rows.hpp"
#include "lintel/core/error.hpp"
#include "lintel/inventory/sql/queries.hpp"

namespace lintel::inventory {
namespace {

using contracts::Product;
using contracts::ProductCreate;
using contracts::ProductCreated;
using core::Error;
using core::ErrorCode;
using storage::Transaction;

ProductCreated created(Product product, bool is_replay)
{
    ProductCreated answer;
    static_cast<Product&>(answer) = std::move(product);
    answer.is_replay = is_replay;
    return answer;
}

Product insert(Transaction& transaction, const core::Id& id, const ProductCreate& request)
{
    const auto rows = transaction.exec(
        sql::insert_product, id, request.sku, request.name, request.price, request.currency, request.unit,
        request.category, request.owner.user_id, request.owner.org_id, request.attributes, request.metadata);
    if (rows.empty()) throw Error(ErrorCode::conflict, "there is a product '" + request.sku + "' already");
    return product_of(rows[0]);
}

Product save(Transaction& transaction, const Product& present, const ProductCreate& after)
{
    const auto rows = transaction.exec(sql::update_product, present.id, after.name, after.price,
                                       after.currency, after.unit, after.category, after.owner.user_id,
                                       after.owner.org_id, after.attributes, after.metadata);
    return product_of(rows.one());
}

const storage::Query& list_query(const contracts::ProductList& filter)
{
    if (filter.name_prefix) return sql::list_products_by_name;
    return filter.category ? sql::list_products_of_category : sql::list_products;
}

/// One that a key was used for, deleted or not.
Product changed_before(Transaction& transaction, const std::string& sku, const core::Id& id)
{
    auto product = read_first(transaction.exec(sql::find_changed_product, id), product_of);
    if (!product) throw no_such_product(sku);
    return std::move(*product);
}

}  // namespace

Error no_such_product(const std::string& sku)
{
    return Error(ErrorCode::not_found, "there is no product '" + sku + "'");
}

ProductCreate description_of(const Product& product)
{
    ProductCreate description;
    description.sku = product.sku;
    description.name = product.name;
    description.price = product.price;
    description.currency = product.currency;
    description.unit = product.unit;
    description.category = product.category;
    description.owner = product.owner;
    description.attributes = product.attributes;
    description.metadata = product.metadata;
    return description;
}

ProductRepository::ProductRepository(storage::Pool& pool) : pool_(pool)
{
}

core::Task<ProductCreated> ProductRepository::create(telemetry::Context context, ProductCreate request,
                                                     std::optional<storage::IdempotencyKey> key)
{
    auto body = [request = std::move(request), key = std::move(key),
                 id = core::Id::generate()](Transaction& transaction) {
        const auto known = storage::claim_idempotency_key(transaction, key, id);
        if (!known) return created(insert(transaction, id, request), false);
        auto product = read_first(transaction.exec(sql::find_product, *known), product_of);
        if (!product)
            throw Error(ErrorCode::conflict,
                        "the product of this Idempotency-Key was created and has been deleted");
        return created(std::move(*product), true);
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::optional<Product>> ProductRepository::get(telemetry::Context context, std::string sku)
{
    const auto rows = co_await pool_.query(std::move(context), sql::get_product, sku);
    co_return read_first(rows, product_of);
}

core::Task<std::vector<Product>> ProductRepository::list(telemetry::Context context,
                                                         contracts::ProductList filter, core::Id before,
                                                         std::int64_t limit)
{
    const auto rows = co_await pool_.query(std::move(context), list_query(filter), before, limit,
                                           filter.category, filter.name_prefix);
    co_return read_all(rows, product_of);
}

core::Task<Product> ProductRepository::update(telemetry::Context context, std::string sku, Change change,
                                              std::optional<storage::IdempotencyKey> key)
{
    auto body = [sku = std::move(sku), change = std::move(change),
                 key = std::move(key)](Transaction& transaction) {
        const auto present = read_first(transaction.exec(sql::lock_product, sku), product_of);
        const auto id = present ? present->id : core::Id();
        if (const auto known = storage::claim_idempotency_key(transaction, key, id))
            return changed_before(transaction, sku, *known);
        if (!present) throw no_such_product(sku);
        const auto after = change(*present);
        if (after == description_of(*present)) return *present;
        return save(transaction, *present, after);
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<Product> ProductRepository::remove(telemetry::Context context, std::string sku, Check check,
                                              std::optional<storage::IdempotencyKey> key)
{
    auto body = [sku = std::move(sku), check = std::move(check),
                 key = std::move(key)](Transaction& transaction) {
        const auto present = read_first(transaction.exec(sql::lock_product, sku), product_of);
        const auto id = present ? present->id : core::Id();
        if (const auto known = storage::claim_idempotency_key(transaction, key, id))
            return changed_before(transaction, sku, *known);
        if (!present) throw no_such_product(sku);
        check(*present);
        return product_of(transaction.exec(sql::delete_product, present->id).one());
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

}  // namespace lintel::inventory
