-- Takes the intents whose foreground deadline or backoff is over, by moving that time on: no lock is held while they
-- are delivered, and what a relay has taken becomes free by itself when the relay dies. SKIP LOCKED lets several
-- relays share the work. MATERIALIZED keeps a nested loop from taking more than the limit.
-- Relies on an index on (next_attempt_at) WHERE state = 'pending'.
WITH due AS MATERIALIZED (
    SELECT id
    FROM intents
    WHERE state = 'pending' AND next_attempt_at <= now()
    ORDER BY next_attempt_at
    LIMIT $1::int
    FOR UPDATE SKIP LOCKED
)
UPDATE intents
SET attempts = intents.attempts + 1,
    next_attempt_at = now() + $2::bigint * interval '1 millisecond'
FROM due
WHERE intents.id = due.id
RETURNING intents.id, subject, payload, idempotency_key, resource_id, attempts, created_at
