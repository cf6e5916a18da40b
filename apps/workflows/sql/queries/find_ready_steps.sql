-- Ready steps for a worker that has room, with the locks of their runs. Runs that somebody works on right now are
-- passed over: he will see to their steps.
SELECT s.run_id, s.path
FROM steps AS s
JOIN workflows AS w ON w.id = s.run_id
WHERE s.state = 'ready'
ORDER BY s.priority, s.changed_at
LIMIT $1
FOR NO KEY UPDATE OF w SKIP LOCKED
