-- An operator's wish to try at once. Also for a pending intent: its backoff ends. The count of attempts goes on, because
-- it fences off relays that come too late.
UPDATE intents
SET state = 'pending', next_attempt_at = now()
WHERE id = $1::uuid
RETURNING id, subject, resource_id, state, attempts, next_attempt_at, left(last_error, 4000) AS last_error, created_at
