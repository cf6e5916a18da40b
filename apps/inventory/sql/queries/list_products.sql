-- One page of products, the newest first. All list_products queries take the same parameters; they differ in the filter
-- that must be there, so that the planner may count on the index by it.
SELECT id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes, metadata,
       created_at, updated_at, deleted_at
FROM products
WHERE deleted_at IS NULL AND id < $1::uuid
  AND ($3::text IS NULL OR category = $3)
  AND ($4::text IS NULL OR starts_with(name, $4))
ORDER BY id DESC
LIMIT $2
