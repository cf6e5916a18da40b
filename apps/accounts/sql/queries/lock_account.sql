-- The first half of a change: against others, and against transfers.
SELECT id, version, kind, currency, customer_id, name, credit_limit, debits_posted, credits_posted, debits_pending,
       credits_pending, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM accounts
WHERE id = $1
FOR NO KEY UPDATE
