-- Promises, in the transaction of what they follow from.
INSERT INTO intents (id, subject, payload, idempotency_key, resource_id, next_attempt_at, created_at)
SELECT id, subject, payload, idempotency_key, resource_id, due_at, now()
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[])
    AS item (id, subject, payload, idempotency_key, resource_id, due_at)
ON CONFLICT (id) DO NOTHING
