-- A product, unless its sku is taken.
INSERT INTO products (id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes,
                      metadata, created_at, updated_at)
SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock.now, clock.now
FROM (SELECT clock_timestamp() AS now) AS clock
ON CONFLICT (sku) WHERE deleted_at IS NULL DO NOTHING
RETURNING id, version, sku, name, price, currency, unit, category, owner_user_id, owner_org_id, attributes, metadata,
          created_at, updated_at, deleted_at
