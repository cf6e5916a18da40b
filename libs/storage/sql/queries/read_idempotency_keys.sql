-- What keys were used for, and with which requests.
SELECT scope, key, fingerprint, resource_id
FROM idempotency_keys
WHERE (scope, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
