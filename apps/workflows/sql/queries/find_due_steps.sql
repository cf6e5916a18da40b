-- Steps whose timers are due by the database's clock, with the locks of their runs. statement_timestamp(), because a
-- volatile clock_timestamp() would keep the condition out of the index.
SELECT s.run_id, s.path
FROM steps AS s
JOIN workflows AS w ON w.id = s.run_id
WHERE s.due_at <= statement_timestamp() AND (s.state = 'scheduled' OR s.state = 'waiting')
ORDER BY s.due_at
LIMIT $1
FOR NO KEY UPDATE OF w SKIP LOCKED
