-- Signals to workflows that were never started.
DELETE FROM early_signals
WHERE (definition, key, id) IN (
    SELECT definition, key, id FROM early_signals
    WHERE received_at < now() - $1::bigint * interval '1 millisecond'
    ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
