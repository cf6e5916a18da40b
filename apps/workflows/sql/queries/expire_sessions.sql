-- Declares sessions lost whose lease is over. FOR UPDATE and the lock of the session's own transactions (FOR KEY SHARE)
-- exclude each other: one that has a transaction under way is passed over and looked at again, and after this it writes
-- nothing.
--
-- Only for a session ($1) that has itself been renewed so recently that so much ($2, milliseconds) of its lease is
-- left: this statement may have been on its way while the database stood still, and then everybody looks dead.
WITH over AS (
    SELECT id FROM sessions
    WHERE expires_at < clock_timestamp() AND NOT is_lost
      AND EXISTS (SELECT FROM sessions AS judge
                  WHERE judge.id = $1 AND NOT judge.is_lost
                    AND judge.expires_at > clock_timestamp() + $2::bigint * interval '1 millisecond')
    FOR UPDATE SKIP LOCKED
)
UPDATE sessions SET is_lost = true FROM over WHERE sessions.id = over.id
RETURNING sessions.id, sessions.replica
