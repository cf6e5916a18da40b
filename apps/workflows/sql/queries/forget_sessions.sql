-- Lost sessions that have nothing left.
DELETE FROM sessions
WHERE is_lost AND NOT EXISTS (SELECT FROM steps WHERE state = 'claimed' AND session_id = sessions.id)
