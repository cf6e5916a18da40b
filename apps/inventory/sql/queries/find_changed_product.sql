-- The product that a repeated request has changed or deleted.
SELECT id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes, metadata,
       created_at, updated_at, deleted_at
FROM products
WHERE id = $1
