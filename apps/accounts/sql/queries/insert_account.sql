-- An account, unless there is one of its kind, currency and customer.
INSERT INTO accounts (id, version, kind, currency, customer_id, name, credit_limit, owner_user_id, owner_org_id,
                      attributes, metadata, created_at, updated_at)
SELECT $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock.now, clock.now
FROM (SELECT clock_timestamp() AS now) AS clock
ON CONFLICT (kind, currency, coalesce(customer_id, '00000000-0000-0000-0000-000000000000')) DO NOTHING
RETURNING id, version, kind, currency, customer_id, name, credit_limit, debits_posted, credits_posted, debits_pending,
       credits_pending, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at
