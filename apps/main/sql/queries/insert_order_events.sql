-- The transitions of a batch, under the locks of lock_orders, which make the numbers gapless.
INSERT INTO order_events (order_id, number, at, type, status, workflow_id, idempotency_key, fingerprint, trace_id, data)
SELECT order_id, number, at, type, status, workflow_id, key, fingerprint, trace_id, data::jsonb
FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::uuid[],
            $9::text[], $10::text[])
    AS item (order_id, number, at, type, status, workflow_id, key, fingerprint, trace_id, data)
