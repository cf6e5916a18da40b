-- Accounts by their ids: all that are asked for at the same moment in one statement.
SELECT id, version, kind, currency, customer_id, name, credit_limit, debits_posted, credits_posted, debits_pending,
       credits_pending, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
FROM accounts
WHERE id = ANY ($1::uuid[])
