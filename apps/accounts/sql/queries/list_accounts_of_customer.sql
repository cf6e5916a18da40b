-- One page of a customer's accounts, the newest first.
SELECT id, version, kind, currency, customer_id, name, credit_limit, debits_posted, credits_posted, debits_pending,
       credits_pending, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM accounts
WHERE customer_id = $1 AND id < $2 AND ($3::text IS NULL OR currency = $3) AND ($4::text IS NULL OR kind = $4)
ORDER BY id DESC
LIMIT $5
