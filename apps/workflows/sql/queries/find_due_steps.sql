-- Steps whose timers are due by the database's clock, with the locks of their runs.
SELECT s.run_id, s.path
FROM steps AS s
JOIN workflows AS w ON w.id = s.run_id
WHERE s.due_at <= clock_timestamp() AND (s.state = 'scheduled' OR s.state = 'waiting')
ORDER BY s.due_at
LIMIT $1
FOR NO KEY UPDATE OF w SKIP LOCKED
