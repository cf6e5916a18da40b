-- What an Idempotency-Key was used for.
SELECT resource_id FROM idempotency_keys WHERE scope = $1 AND key = $2
