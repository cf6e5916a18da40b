-- Notes Idempotency-Keys with what they were used for, in order. Returns the keys that were free; an expired one is.
INSERT INTO idempotency_keys AS known (scope, key, fingerprint, resource_id, created_at, expires_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[])
    AS item (scope, key, fingerprint, resource_id, created_at, expires_at)
ORDER BY scope, key
ON CONFLICT (scope, key) DO UPDATE
    SET fingerprint = EXCLUDED.fingerprint, resource_id = EXCLUDED.resource_id, created_at = EXCLUDED.created_at,
        expires_at = EXCLUDED.expires_at
    WHERE known.expires_at <= EXCLUDED.created_at
RETURNING scope, key
