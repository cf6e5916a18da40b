-- One page of the accounts of a kind, the newest first.
SELECT id, version, kind, currency, customer_id, name, credit_limit, debits_posted, credits_posted, debits_pending,
       credits_pending, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM accounts
WHERE kind = $1 AND id < $2
ORDER BY id DESC NULLS LAST
LIMIT $3
