-- What a key was used for, and with which request.
SELECT fingerprint, resource_id FROM idempotency_keys WHERE scope = $1 AND key = $2
