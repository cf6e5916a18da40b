-- Declares sessions lost whose lease is over. FOR UPDATE and the lock of the session's own transactions (FOR KEY SHARE)
-- exclude each other: one that has a transaction under way is passed over and looked at again, and after this it writes
-- nothing.
WITH over AS (
    SELECT id FROM sessions WHERE expires_at < clock_timestamp() AND NOT is_lost FOR UPDATE SKIP LOCKED
)
UPDATE sessions SET is_lost = true FROM over WHERE sessions.id = over.id
RETURNING sessions.id, sessions.replica
