-- The first half of a change: against others.
SELECT id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes, metadata,
       created_at, updated_at, deleted_at
FROM products
WHERE sku = $1 AND deleted_at IS NULL
FOR NO KEY UPDATE
