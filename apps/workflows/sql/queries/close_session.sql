-- A worker that leaves on purpose gives up its lease at once: what it still holds is free for others. FOR UPDATE, as in
-- expire_sessions: a transaction of its own that is still under way comes first. One that claimed steps after the session
-- was gone would leave them to nobody.
WITH own AS (
    SELECT id FROM sessions WHERE id = $1 AND NOT is_lost FOR UPDATE
)
UPDATE sessions SET is_lost = true FROM own WHERE sessions.id = own.id
