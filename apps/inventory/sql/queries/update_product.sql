-- A product that is locked, as it is from now on.
UPDATE products
SET version = version + 1, name = $2, price = $3, currency = $4, unit = $5, category = $6, owner_user_id = $7,
    owner_org_id = $8, attributes = $9, metadata = $10, updated_at = clock_timestamp()
WHERE id = $1
RETURNING id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes, metadata,
          created_at, updated_at, deleted_at
