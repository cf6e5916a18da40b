-- What a hold takes of products: name and price.
SELECT sku, name, price, currency
FROM products
WHERE sku = ANY ($1::text[]) AND deleted_at IS NULL
