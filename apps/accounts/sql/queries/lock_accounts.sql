-- Locks accounts, in the order of their ids so that nobody waits in a circle. The clock is read after each lock; what
-- the last row says is the transaction's time.
WITH locked AS MATERIALIZED (
    SELECT id, kind, currency, customer_id, credit_limit, debits_posted, credits_posted, debits_pending,
           credits_pending, entries, updated_at
    FROM accounts
    WHERE id = ANY ($1::uuid[])
    ORDER BY id
    FOR NO KEY UPDATE
)
SELECT *, clock_timestamp() AS now FROM locked
