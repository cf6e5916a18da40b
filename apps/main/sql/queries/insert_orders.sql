-- A batch of orders, their first events, their idempotency keys and the intents to start their workflows, in one
-- statement and one commit: an order is there exactly when the promise of its workflow is. Returns the items of which
-- nothing is written because somebody had taken their key before. Items carry ids made by the caller, so that the batch
-- may be sent again when its outcome was lost. Keys are claimed in order, or two batches with the same keys could wait
-- for each other.
WITH item AS (
    SELECT *
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::timestamptz[], $12::text[],
                $13::text[], $14::uuid[], $15::timestamptz[],
                $16::uuid[], $17::text[], $18::text[], $19::text[], $20::timestamptz[])
        AS item (id, customer_id, building_id, currency, lines, delivery_address, owner_user_id, owner_org_id,
                 attributes, metadata, created_at, trace_id,
                 key, fingerprint, key_expires_at,
                 intent_id, intent_subject, intent_payload, intent_key, intent_due_at)
), claimed AS (
    INSERT INTO idempotency_keys AS known (scope, key, fingerprint, resource_id, created_at, expires_at)
    SELECT 'POST /v1/orders', key, fingerprint, id, created_at, key_expires_at
    FROM item
    WHERE key IS NOT NULL
    ORDER BY key
    ON CONFLICT (scope, key) DO UPDATE
        SET fingerprint = EXCLUDED.fingerprint, resource_id = EXCLUDED.resource_id,
            created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
        WHERE known.expires_at <= EXCLUDED.created_at
    RETURNING key
), fresh AS (
    SELECT * FROM item WHERE key IS NULL OR key IN (SELECT key FROM claimed)
), inserted AS (
    INSERT INTO orders (id, version, status, customer_id, building_id, currency, lines, delivery_address, events,
                        owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at)
    SELECT id, 1, 'placed', customer_id, building_id, currency, lines::jsonb, delivery_address::jsonb, 1,
           owner_user_id, owner_org_id, attributes::jsonb, metadata::jsonb, created_at, created_at
    FROM fresh
    ON CONFLICT (id) DO NOTHING
), told AS (
    INSERT INTO order_events (order_id, number, at, type, status, idempotency_key, trace_id, data)
    SELECT id, 1, created_at, 'placed', 'placed', key, trace_id, '{}'
    FROM fresh
    ON CONFLICT (order_id, number) DO NOTHING
), promised AS (
    INSERT INTO intents (id, subject, payload, idempotency_key, resource_id, next_attempt_at, created_at)
    SELECT intent_id, intent_subject, intent_payload, intent_key, id, intent_due_at, created_at
    FROM fresh
    ON CONFLICT (id) DO NOTHING
)
SELECT id FROM item WHERE id NOT IN (SELECT id FROM fresh)
