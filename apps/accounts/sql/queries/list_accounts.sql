-- One page of accounts, the newest first.
SELECT id, version, kind, currency, customer_id, name, credit_limit, debits_posted, credits_posted, debits_pending,
       credits_pending, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM accounts
WHERE id < $1
ORDER BY id DESC
LIMIT $2
