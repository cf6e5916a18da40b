-- As list_products, along the index by category.
SELECT id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes, metadata,
       created_at, updated_at, deleted_at
FROM products
WHERE deleted_at IS NULL AND (category, id) < ($3::text, $1::uuid) AND category >= $3
  AND ($4::text IS NULL OR starts_with(name, $4))
ORDER BY category DESC, id DESC
LIMIT $2
