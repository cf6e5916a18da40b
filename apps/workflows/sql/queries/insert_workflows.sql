-- Starts a batch of workflows in one statement and one commit. Returns the items whose key somebody had taken before;
-- of those nothing is written. Items carry ids made by the caller, so that the batch may be sent again when its outcome
-- was lost. Keys are claimed in order, or two batches with the same keys could wait for each other.
WITH item AS (
    SELECT *
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::timestamptz[], $11::text[], $12::uuid[], $13::timestamptz[])
        AS item (id, name, status, building_id, building_id_is_integer, owner_user_id, owner_org_id, attributes,
                 metadata, created_at, key, fingerprint, key_expires_at)
), claimed AS (
    INSERT INTO idempotency_keys AS known (scope, key, fingerprint, resource_id, created_at, expires_at)
    SELECT 'workflows.create', key, fingerprint, id, created_at, key_expires_at
    FROM item
    WHERE key IS NOT NULL
    ORDER BY key
    ON CONFLICT (scope, key) DO UPDATE
        SET fingerprint = EXCLUDED.fingerprint, resource_id = EXCLUDED.resource_id,
            created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
        WHERE known.expires_at <= EXCLUDED.created_at
    RETURNING key
), started AS (
    INSERT INTO workflows (id, version, name, status, building_id, building_id_is_integer, owner_user_id, owner_org_id,
                           attributes, metadata, created_at, updated_at)
    SELECT id, 1, name, status, building_id, building_id_is_integer, owner_user_id, owner_org_id,
           attributes::jsonb, metadata::jsonb, created_at, created_at
    FROM item
    WHERE key IS NULL OR key IN (SELECT key FROM claimed)
    ON CONFLICT (id) DO NOTHING
)
SELECT id FROM item WHERE key IS NOT NULL AND key NOT IN (SELECT key FROM claimed)
