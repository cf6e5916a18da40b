-- A worker begins, or begins anew.
INSERT INTO sessions (id, replica, started_at, expires_at)
VALUES ($1, $2, clock_timestamp(), clock_timestamp() + $3::bigint * interval '1 millisecond')
ON CONFLICT (id) DO UPDATE SET expires_at = EXCLUDED.expires_at
RETURNING id, clock_timestamp() AS now
