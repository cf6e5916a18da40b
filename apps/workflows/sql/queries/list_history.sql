-- A run's history from an entry on.
SELECT sequence, type, step, at, data FROM history WHERE run_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
