-- The product that a repeated request has created, unless it has been deleted since.
SELECT id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes, metadata,
       created_at, updated_at, deleted_at
FROM products
WHERE id = $1 AND deleted_at IS NULL
