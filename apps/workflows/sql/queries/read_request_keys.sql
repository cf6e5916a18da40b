-- What keys were used with.
SELECT scope, key, fingerprint
FROM idempotency_keys
WHERE (scope, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
