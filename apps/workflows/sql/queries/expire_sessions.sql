-- Declares sessions lost whose lease is over. FOR UPDATE waits for the transactions that the session still has under
-- way, and they for nobody: after this it writes nothing.
WITH over AS (
    SELECT id FROM sessions WHERE expires_at < clock_timestamp() AND NOT is_lost FOR UPDATE SKIP LOCKED
)
UPDATE sessions SET is_lost = true FROM over WHERE sessions.id = over.id
RETURNING sessions.id, sessions.replica
