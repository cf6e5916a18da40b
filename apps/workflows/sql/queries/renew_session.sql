-- The heartbeat. Returns nothing once somebody has declared the session lost.
UPDATE sessions SET expires_at = clock_timestamp() + $2::bigint * interval '1 millisecond'
WHERE id = $1 AND NOT is_lost
RETURNING id, clock_timestamp() AS now
