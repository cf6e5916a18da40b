-- A product that is locked cannot be ordered any more.
UPDATE products
SET version = version + 1, deleted_at = clock_timestamp(), updated_at = clock_timestamp()
WHERE id = $1
RETURNING id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes, metadata,
          created_at, updated_at, deleted_at
