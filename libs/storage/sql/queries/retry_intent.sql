-- An operator's wish to try at once. Also for a pending intent: its backoff ends.
UPDATE intents
SET state = 'pending', attempts = 0, next_attempt_at = now()
WHERE id = $1::uuid
