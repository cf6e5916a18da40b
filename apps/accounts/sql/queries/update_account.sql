-- An account that is locked, as callers describe it from now on.
UPDATE accounts
SET version = version + 1, name = $2, credit_limit = $3, owner_user_id = $4, owner_org_id = $5, attributes = $6,
    metadata = $7, updated_at = greatest(updated_at, clock_timestamp())
WHERE id = $1
RETURNING id, version, kind, currency, customer_id, name, credit_limit, debits_posted, credits_posted, debits_pending,
       credits_pending, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
