-- The same for those that nobody else has; waits for none.
WITH locked AS MATERIALIZED (
    SELECT id, kind, currency, customer_id, credit_limit, debits_posted, credits_posted, debits_pending,
           credits_pending, entries, updated_at
    FROM accounts
    WHERE id = ANY ($1::uuid[])
    ORDER BY id
    FOR NO KEY UPDATE SKIP LOCKED
)
SELECT *, clock_timestamp() AS now FROM locked
