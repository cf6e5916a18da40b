-- A batch of buildings, their idempotency keys and the intents to start their workflows, in one statement and one
-- commit: a building is there exactly when the promise of its workflow is. Returns the items of which nothing is written:
-- those whose key somebody had taken before, and those whose parent is not there. Items carry ids made by the caller, so that the batch may be sent again
-- when its outcome was lost. Keys are claimed in order, or two batches with the same keys could wait for each other.
WITH item AS (
    SELECT *
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::float8[], $12::float8[], $13::integer[], $14::float8[], $15::integer[],
                $16::text[], $17::text[], $18::text[], $19::text[], $20::timestamptz[],
                $21::text[], $22::uuid[], $23::timestamptz[],
                $24::uuid[], $25::text[], $26::text[], $27::text[], $28::timestamptz[])
        AS item (id, name, kind, category, parent_id, street, city, region,
                 postal_code, country, latitude, longitude, year_built, floor_area_m2, floors,
                 owner_user_id, owner_org_id, attributes, metadata, created_at,
                 key, fingerprint, key_expires_at,
                 intent_id, intent_subject, intent_payload, intent_key, intent_due_at)
), orphan AS (
    -- The foreign key would fail the whole statement for one of them, and does not see soft deletion.
    SELECT item.id
    FROM item
    LEFT JOIN buildings AS parent ON parent.id = item.parent_id AND parent.deleted_at IS NULL
    WHERE item.parent_id IS NOT NULL AND parent.id IS NULL
), claimed AS (
    INSERT INTO idempotency_keys AS known (scope, key, fingerprint, resource_id, created_at, expires_at)
    SELECT 'POST /v1/buildings', key, fingerprint, id, created_at, key_expires_at
    FROM item
    WHERE key IS NOT NULL AND id NOT IN (SELECT id FROM orphan)
    ORDER BY key
    ON CONFLICT (scope, key) DO UPDATE
        SET fingerprint = EXCLUDED.fingerprint, resource_id = EXCLUDED.resource_id,
            created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
        WHERE known.expires_at <= EXCLUDED.created_at
    RETURNING key
), fresh AS (
    SELECT *
    FROM item
    WHERE id NOT IN (SELECT id FROM orphan) AND (key IS NULL OR key IN (SELECT key FROM claimed))
), inserted AS (
    INSERT INTO buildings (id, version, name, kind, category, parent_id, street, city, region, postal_code, country,
                           latitude, longitude, year_built, floor_area_m2, floors, owner_user_id, owner_org_id,
                           attributes, metadata, created_at, updated_at)
    SELECT id, 1, name, kind, category, parent_id, street, city, region, postal_code, country,
           latitude, longitude, year_built, floor_area_m2, floors, owner_user_id, owner_org_id,
           attributes::jsonb, metadata::jsonb, created_at, created_at
    FROM fresh
    ON CONFLICT (id) DO NOTHING
), promised AS (
    INSERT INTO intents (id, subject, payload, idempotency_key, resource_id, next_attempt_at, created_at)
    SELECT intent_id, intent_subject, intent_payload, intent_key, id, intent_due_at, created_at
    FROM fresh
    ON CONFLICT (id) DO NOTHING
)
SELECT id, id IN (SELECT id FROM orphan) AS is_orphan FROM item WHERE id NOT IN (SELECT id FROM fresh)
