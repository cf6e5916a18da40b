-- As list_products, along the index by name. What begins with $4 lies between it and the same with the last character
-- there is. Materialized: to get them in order the planner would rather walk all products than those of that name, whose
-- number it does not know.
WITH named AS MATERIALIZED (
    SELECT id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes, metadata,
           created_at, updated_at, deleted_at
    FROM products
    WHERE deleted_at IS NULL AND id < $1::uuid
      AND ($3::text IS NULL OR category = $3)
      AND name >= $4::text AND name <= $4::text || U&'\+10FFFF' AND starts_with(name, $4)
)
SELECT *
FROM named
ORDER BY id DESC
LIMIT $2
